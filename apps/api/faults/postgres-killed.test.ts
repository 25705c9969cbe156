import { startEmbeddedPostgres, type OwnServer } from '@claviger/testing/postgres';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startFirst } from '../test/api-process.js';
import { freshSettings } from '../test/processes/settings.js';
import { startWorker } from '../test/processes/worker-process.js';
import { endOfAudit, findBreaches } from './invariants.js';
import { acknowledgedIn, openLedger } from './ledger.js';
import { measuredIn, report, SEALING } from './report.js';
import { untilReady, untilSealed } from './until.js';
import { writeOn } from './writing-client.js';

const KILLS = 5;
const CLIENTS = 4;

let server: OwnServer;
beforeAll(async () => {
  server = await startEmbeddedPostgres();
}, 60_000);
afterAll(() => server.stop());
const freshSetting = freshSettings(async () => ({ CLAVIGER_DATABASE_URL: server.url, ...SEALING }));

test('when PostgreSQL is killed with -9 under load and started again, five times, all ten invariants hold', async () => {
  const setting = await freshSetting();
  const api = await startFirst(setting);
  const worker = startWorker(setting);
  await worker.ready;
  const { system, call } = api;
  const since = await endOfAudit(call, system);
  const ledger = openLedger();
  let [kills, enough, inDoubt] = [0, 40, 0];
  let restarted: number | null = null;
  let restarting: Promise<void> = Promise.resolve();
  const restart = async () => {
    await server.kill();
    restarted = performance.now();
    await server.start();
  };
  const acknowledged = () => {
    if (restarted !== null) {
      ledger.recoveries.push(performance.now() - restarted);
      [restarted, enough] = [null, acknowledgedIn(ledger) + 40 + 7 * kills];
    }
    if (acknowledgedIn(ledger) < enough || kills === KILLS) return;
    [kills, enough] = [kills + 1, Infinity];
    restarting = restart();
  };
  const goOn = async () => {
    inDoubt++;
    await restarting;
    await untilReady(call);
    return true;
  };
  const isOver = () => kills === KILLS && acknowledgedIn(ledger) > enough;
  const clients = Array.from({ length: CLIENTS }, (_, i) =>
    writeOn({ name: `client-${i}`, ledger, system, call, acknowledged, goOn, isOver }),
  );
  await Promise.all(clients);

  await untilSealed(call, system);
  const breaches = await findBreaches(ledger, call, system, since);
  report('kill -9 of PostgreSQL', measuredIn(ledger, breaches, kills));
  expect(breaches).toEqual([]);
  expect([kills, ledger.recoveries.length]).toEqual([KILLS, KILLS]);
  expect(inDoubt).toBeGreaterThanOrEqual(KILLS);
  expect(acknowledgedIn(ledger)).toBeGreaterThan(KILLS * 40);
  expect(await Promise.all([api.stop(), worker.stop()])).toEqual([0, 0]);
}, 120_000);
