import { expect, test } from '@jest/globals';
import type { Call } from '../test/answer.js';
import { startApi, startFirst, type ApiProcess } from '../test/api-process.js';
import { freshSettings } from '../test/processes/settings.js';
import { startWorker } from '../test/processes/worker-process.js';
import { endOfAudit, findBreaches } from './invariants.js';
import { acknowledgedIn, openLedger } from './ledger.js';
import { measuredIn, report, SEALING } from './report.js';
import { untilSealed } from './until.js';
import { writeOn } from './writing-client.js';

const KILLS = 6;
const CLIENTS = 4;
/** Milliseconds: the load of a busy day and no flood, for that would keep those who start from the machine's two cores. */
const PAUSE = 30;

const freshSetting = freshSettings(async () => SEALING);

test('with two API processes and a worker on one SQLite file, killed by turns under load, all ten invariants hold', async () => {
  const setting = await freshSetting();
  const first = await startFirst(setting);
  const { system } = first;
  const apis: [ApiProcess, ApiProcess] = [first, await startApi(setting)];
  await apis[1].logged('ready');
  let worker = startWorker(setting);
  await worker.ready;
  const since = await endOfAudit(first.call, system);
  const ledger = openLedger();

  let [kills, enough, at, isOver] = [0, 30, 0, false];
  let restarting: Promise<void> = Promise.resolve();
  let dead: ApiProcess | null = null;
  /** What changed at one process is changed again at the other, if it lives. */
  const call: Call = (...asked) => {
    const [one, other] = at++ % 2 === 0 ? apis : apis.toReversed();
    return (one === dead ? other : one)?.call(...asked) ?? Promise.reject(new Error('Nobody lives.'));
  };
  const killOne = async (which: 0 | 1) => {
    dead = apis[which];
    await Promise.all([apis[which].stop('SIGKILL'), worker.stop('SIGKILL')]);
    const restarted = performance.now();
    const started = await startApi(setting);
    await started.logged('ready');
    ledger.recoveries.push(performance.now() - restarted);
    [apis[which], dead] = [started, null];
    worker = startWorker(setting);
    await worker.ready;
    enough = acknowledgedIn(ledger) + 30;
  };
  const acknowledged = () => {
    if (acknowledgedIn(ledger) < enough) return;
    enough = Infinity;
    if (kills === KILLS) isOver = true;
    else restarting = killOne(kills++ % 2 === 0 ? 0 : 1);
  };
  const goOn = () => !isOver;
  const clients = Array.from({ length: CLIENTS }, (_, i) =>
    writeOn({ name: `client-${i}`, ledger, system, call, acknowledged, goOn, pause: PAUSE, isOver: () => isOver }),
  );
  await Promise.all(clients).catch((error: unknown) => {
    isOver = true;
    throw error;
  });
  await restarting;

  await untilSealed(call, system);
  const breaches = await findBreaches(ledger, call, system, since);
  report('kill -9 of one of two on a SQLite file', measuredIn(ledger, breaches, 2 * kills));
  expect(breaches).toEqual([]);
  expect(kills).toBe(KILLS);
  expect(acknowledgedIn(ledger)).toBeGreaterThan(KILLS * 60);
  expect(await Promise.all([...apis, worker].map((one) => one.stop()))).toEqual([0, 0, 0]);
}, 120_000);
