import { startPostgres, type TestServer } from '@claviger/testing/postgres';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startApi, startFirst, type ApiProcess, type Setting } from '../test/api-process.js';
import { findDamage, findDeadKeys, writeUntilItDies, type Ledger } from '../test/processes/ledger.js';
import { freshSettings } from '../test/processes/settings.js';

const KILLS = 10;
const CLIENTS = 4;

describe('after a kill -9 in the midst of writes, ten times', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server.stop());
  const onSqlite = freshSettings(async () => ({}));
  const onPostgres = freshSettings(async () => ({ CLAVIGER_DATABASE_URL: (await server.freshDatabase()).url }));

  // Side by side, because most of the time goes by with starting.
  test('all that was acknowledged is there and nothing is half done, on SQLite and on PostgreSQL', async () => {
    const stories = await Promise.all([onSqlite().then(killAgainAndAgain), onPostgres().then(killAgainAndAgain)]);
    for (const { damage, deadKeys, ...counted } of stories) {
      expect({ damage, deadKeys }).toEqual({ damage: [], deadKeys: [] });
      // Writes of all kinds were acknowledged, and some were cut off.
      expect(counted.acknowledged).toBeGreaterThan(KILLS * 17);
      expect(counted.deleted).toBeGreaterThan(KILLS);
      expect(counted.inDoubt).toBeGreaterThan(KILLS);
    }
  }, 120_000);
});

async function killAgainAndAgain(setting: Setting) {
  const first = await startFirst(setting);
  const { system } = first;
  const ledgers = Array.from({ length: CLIENTS }, (): Ledger => ({ accounts: new Map(), inDoubt: null }));
  const damage: string[] = [];
  let [api, acknowledged, inDoubt]: [ApiProcess, number, number] = [first, 0, 0];
  for (let kill = 0; kill < KILLS; kill++) {
    // Never twice at the same point of what the clients do: each comes to the end of its steps by about the 24th.
    let enough = 18 + ((kill * 7) % 23);
    const onAcknowledged = () => {
      acknowledged++;
      if (--enough === 0) api.child.kill('SIGKILL');
    };
    const clients = ledgers.map((ledger, i) =>
      writeUntilItDies({ api, system, ledger, name: `client-${i}-${kill}` }, onAcknowledged),
    );
    await Promise.all(clients);
    expect(await api.stop('SIGKILL')).toBeNull();
    inDoubt += ledgers.filter((ledger) => ledger.inDoubt).length;
    api = await startApi(setting);
    await api.logged('ready');
    damage.push(...(await findDamage(api, system, ledgers)));
  }
  const deleted = ledgers.flatMap(({ accounts }) => [...accounts.values()]).filter((known) => known === null).length;
  return { damage, deadKeys: await findDeadKeys(api, system, ledgers), acknowledged, deleted, inDoubt };
}
