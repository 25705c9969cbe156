import { describe, expect, test } from '@jest/globals';
import { startApi, startFirst, type ApiProcess, type Setting } from '../test/api-process.js';
import { onBothDatabases } from '../test/processes/settings.js';
import { startWorker, type WorkerProcess } from '../test/processes/worker-process.js';
import { endOfAudit, findBreaches } from './invariants.js';
import { acknowledgedIn, openLedger } from './ledger.js';
import { measuredIn, report, SEALING } from './report.js';
import { untilSealed } from './until.js';
import { writeOn } from './writing-client.js';

/** Each of the API and of the worker. */
const KILLS = 10;
const CLIENTS = 4;

onBothDatabases((freshSetting, database) => {
  describe('when API and worker are killed with -9 in the midst of writes, ten times', () => {
    test('all ten invariants hold', async () => {
      const { ledger, breaches, inDoubt } = await killAgainAndAgain(await freshSetting());
      report(`kill -9 on ${database}`, measuredIn(ledger, breaches, 2 * KILLS));
      expect(breaches).toEqual([]);
      // Changes of all kinds were acknowledged, and some were cut off.
      expect(acknowledgedIn(ledger)).toBeGreaterThan(KILLS * 40);
      expect([...ledger.accounts.values()].filter((known) => !known).length).toBeGreaterThan(KILLS / 2);
      expect(ledger.revoked.length).toBeGreaterThan(KILLS);
      expect(inDoubt).toBeGreaterThan(KILLS);
    }, 180_000);
  });
});

async function killAgainAndAgain(given: Setting) {
  const setting = { ...given, env: { ...given.env, ...SEALING } };
  const first = await startFirst(setting);
  const { system } = first;
  const since = await endOfAudit(first.call, system);
  const ledger = openLedger();
  let [api, worker, restarted]: [ApiProcess, WorkerProcess, number] = [first, startWorker(setting), performance.now()];
  for (let kill = 0; kill < KILLS; kill++) {
    // Never twice at the same point of what the clients do.
    let enough = 60 + ((kill * 7) % 31);
    const acknowledged = () => {
      if (ledger.recoveries.length === kill) ledger.recoveries.push(performance.now() - restarted);
      enough--;
      if (enough === 30) worker.child.kill('SIGKILL');
      if (enough === 0) api.child.kill('SIGKILL');
    };
    const client = (_: unknown, i: number) =>
      writeOn({ name: `client-${i}-${kill}`, ledger, system, call: api.call, acknowledged, goOn: () => false });
    await Promise.all(Array.from({ length: CLIENTS }, client));
    expect(await Promise.all([api.stop('SIGKILL'), worker.stop('SIGKILL')])).toEqual([null, null]);
    restarted = performance.now();
    api = await startApi(setting);
    await api.logged('ready');
    // It may be killed while it starts.
    worker = startWorker(setting);
  }
  await untilSealed(api.call, system);
  const inDoubt = ledger.inDoubt.size;
  const breaches = await findBreaches(ledger, api.call, system, since);
  await Promise.all([api.stop(), worker.stop()]);
  return { ledger, breaches, inDoubt };
}
