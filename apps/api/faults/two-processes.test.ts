import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { AccountJson, CredentialJson } from '@claviger/application';
import type { KeyPair } from '@claviger/domain';
import { startPostgres, type TestServer } from '@claviger/testing/postgres';
import { platformHeaders, type Answer, type Call } from '../test/answer.js';
import { freshFolder, killAll, startApi, startFirst, type ApiProcess, type Setting } from '../test/api-process.js';
import { originalExamples } from '../test/original-examples.js';

const ROOT = '/auth/api/account';

let postgres: TestServer;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

const settings: readonly [string, () => Promise<Setting['env']>][] = [
  ['SQLite', async () => ({})],
  ['PostgreSQL', async () => ({ CLAVIGER_DATABASE_URL: (await postgres.freshDatabase()).url })],
];

describe.each(settings)('two API processes over one database on %s', (_name, databaseOf) => {
  let folder: ReturnType<typeof freshFolder>;
  let setting: Setting;
  let one: ApiProcess;
  let other: ApiProcess;
  let system: KeyPair;
  let admin: Record<string, string>;

  beforeAll(async () => {
    folder = freshFolder();
    setting = { cwd: folder.cwd, env: (await databaseOf()) ?? {} };
    const first = await startFirst(setting);
    [one, system] = [first, first.system];
    other = await startApi(setting);
    await other.logged('ready');
    admin = platformHeaders(system, 'admin');
  });
  afterAll(async () => {
    await killAll();
    folder.remove();
  });

  let at = 0;
  /** The two take turns. */
  const call: Call = (...args) => (++at % 2 ? one : other).call(...args);
  const open = async (appId: string): Promise<AccountJson> => {
    const body = { appId, authorizationGrantTypes: ['PLATFORM'], scope: ['SYSTEM'] };
    const { status, body: answer } = await one.call('POST', `${ROOT}/create`, { as: admin, body });
    expect(status).toBe(201);
    return answer.data as AccountJson;
  };
  const keyOf = ({ credentials }: Pick<AccountJson, 'credentials'>): CredentialJson => {
    const [first] = credentials;
    if (!first) throw new Error('The account has no credential.');
    return first;
  };
  const statusesOf = (answers: readonly Answer[]) => {
    const counted: Record<string, number> = {};
    for (const { status, body } of answers) {
      const name = `${status} ${body.code}`;
      counted[name] = (counted[name] ?? 0) + 1;
    }
    return counted;
  };

  describe('in turns', () => {
    beforeEach(() => call('DELETE', `${ROOT}/delete/string`, { as: admin }));
    originalExamples('', () => ({ call, system }));
  });

  test('of 50 creates of one appId at once one is done and 49 are told that it is taken', async () => {
    const body = { appId: 'wanted', authorizationGrantTypes: ['PLATFORM'] };
    const create = (_: unknown, i: number) =>
      call('POST', `${ROOT}/create`, { as: admin, body: { ...body, appId: i % 3 ? 'wanted' : 'WANTED' } });
    const answers = await Promise.all(Array.from({ length: 50 }, create));
    expect(statusesOf(answers)).toEqual({ '201 0': 1, '409 250212': 49 });
  });

  test('of two deletes at once of the last two credentials one is done, always', async () => {
    for (let round = 0; round < 20; round++) {
      const account = await open(`last-two-${round}`);
      const credentials = `${ROOT}/credential/${account.appId}`;
      const second = await one.call('POST', credentials, { as: admin });
      const keys = [keyOf(account), second.body.data as CredentialJson];
      const answers = await Promise.all(
        keys.map(({ accessKey }) => call('DELETE', `${credentials}/${accessKey}`, { as: admin })),
      );
      expect(statusesOf(answers)).toEqual({ '200 0': 1, '409 250232': 1 });
      const left = await call('GET', `${ROOT}/credential/list/${account.appId}`, { as: admin });
      const kept = keys.filter((_, i) => answers[i]?.status === 409).map(({ accessKey }) => ({ accessKey }));
      expect(left.body.data).toMatchObject(kept);
    }
  });

  test('what one of them disables, locks or deletes is not good at the other’s next request', async () => {
    const account = await open('revoked');
    const key = keyOf(account) as unknown as KeyPair;
    const use = () => other.call('GET', `${ROOT}/own/list`, { as: platformHeaders(key, 'alice') });
    const check = () => other.call('POST', `${ROOT}/credential/check`, { as: platformHeaders(system), body: key });
    const statement = { appId: 'revoked', authorizationGrantTypes: ['PLATFORM'] };
    const expectUse = async (status: number, valid: boolean) => {
      expect([(await use()).status, (await check()).body.data]).toEqual([
        status,
        { valid, appId: valid ? 'revoked' : null },
      ]);
    };
    await expectUse(200, true);
    await one.call('PUT', `${ROOT}/credential/revoked/${key.accessKey}/DISABLE`, { as: admin });
    await expectUse(401, false);
    await one.call('PUT', `${ROOT}/credential/revoked/${key.accessKey}/ENABLE`, { as: admin });
    await expectUse(200, true);
    await one.call('PUT', `${ROOT}/update`, { as: admin, body: { ...statement, locked: true } });
    await expectUse(423, false);
    await one.call('PUT', `${ROOT}/update`, { as: admin, body: { ...statement, locked: false } });
    await one.call('POST', `${ROOT}/credential/revoked`, { as: admin });
    await one.call('DELETE', `${ROOT}/credential/revoked/${key.accessKey}`, { as: admin });
    await expectUse(401, false);
  });
});
