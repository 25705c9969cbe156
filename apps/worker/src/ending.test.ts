import { EventEmitter, once } from 'node:events';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { endingOf } from './ending.js';

/** A process that notes how it was ended instead of ending. */
function aProcess() {
  const host = new EventEmitter();
  const exits: number[] = [];
  const exit = (code: number) => {
    exits.push(code);
    host.emit('exited');
  };
  return { host: Object.assign(host, { exit }), exits };
}

/** As a job in hand does. */
let keepsAlive: NodeJS.Timeout;
beforeEach(() => {
  keepsAlive = setInterval(() => {}, 1000);
});
afterEach(() => clearInterval(keepsAlive));

test.each(['SIGTERM', 'SIGINT'])('the first %s asks to end, the second one ends at once', (name) => {
  const { host, exits } = aProcess();
  const ending = endingOf(host);
  expect(ending.aborted).toBe(false);
  host.emit(name);
  expect([ending.aborted, exits]).toEqual([true, []]);
  host.emit(name);
  expect(exits).toEqual([1]);
});

test('who does not finish in time is ended all the same, as a process that did its work', async () => {
  const { host, exits } = aProcess();
  endingOf(host, 1);
  const exited = once(host, 'exited');
  host.emit('SIGTERM');
  await exited;
  expect(exits).toEqual([0]);
});
