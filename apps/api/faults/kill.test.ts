import { describe, expect, test } from '@jest/globals';
import { startApi, startFirst, type ApiProcess, type Setting } from '../test/api-process.js';
import { onBothDatabases } from '../test/processes/settings.js';
import { startWorker, type WorkerProcess } from '../test/processes/worker-process.js';
import { endOfAudit, findBreaches, settleDoubts } from './invariants.js';
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
  const breaches: string[] = [];
  let [api, worker, inDoubt]: [ApiProcess, WorkerProcess, number] = [first, startWorker(setting), 0];
  await worker.ready;
  for (let kill = 0, restarted = performance.now(); kill < KILLS; kill++) {
    // Never twice at the same point of what the clients do.
    let enough = 60 + ((kill * 7) % 31);
    let isFirst = true;
    const acknowledged = () => {
      if (isFirst) ledger.recoveries.push(performance.now() - restarted);
      isFirst = false;
      enough--;
      if (enough === 30) worker.child.kill('SIGKILL');
      if (enough === 0) api.child.kill('SIGKILL');
    };
    const client = (_: unknown, i: number) => ({ name: `client-${i}-${kill}`, ledger, system, call: api.call });
    const clients = Array.from({ length: CLIENTS }, client);
    await Promise.all(clients.map((one) => writeOn({ ...one, acknowledged, goOn: () => false })));
    expect(await Promise.all([api.stop('SIGKILL'), worker.stop('SIGKILL')])).toEqual([null, null]);
    inDoubt += ledger.inDoubt.size;
    restarted = performance.now();
    worker = startWorker(setting);
    api = await startApi(setting);
    await Promise.all([api.logged('ready'), worker.ready]);
    breaches.push(...(await settleDoubts(ledger, api.call, system)));
  }
  await untilSealed(api.call, system);
  breaches.push(...(await findBreaches(ledger, api.call, system, since)));
  await Promise.all([api.stop(), worker.stop()]);
  return { ledger, breaches, inDoubt };
}
