import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AccountJson, CredentialJson } from '@claviger/application';
import type { KeyPair } from '@claviger/domain';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { platformHeaders, type Answer } from '../answer.js';
import { startFirst, type ApiProcess, type Setting } from '../api-process.js';
import { contentsOf } from '../database-contents.js';
import { sendRaw } from '../raw-http.js';
import { onBothDatabases } from './settings.js';

const ACCOUNT = '/auth/api/account';

onBothDatabases((freshSetting) => {
  describe('after a whole session with the log at trace, no secret', () => {
    let setting: Setting;
    let session: Session;
    let everything: string;

    beforeAll(async () => {
      setting = await freshSetting();
      const api = await startFirst({ ...setting, env: { ...setting.env, CLAVIGER_LOG_LEVEL: 'trace' } });
      session = await wholeSession(api, setting);
      // While it runs, so that SQLite's log of what is not yet in the file is looked at too.
      everything = await contentsOf(setting);
      await api.stop();
    }, 60_000);

    test('is in the log, and on stderr only what the first start shows', () => {
      const { stdout, stderr } = session.api.printed;
      expect(stdout).toContain('"level":"debug"');
      expect(session.secrets.filter((secret) => stdout.includes(secret))).toEqual([]);
      expect(stderr).toMatch(/^\nThis is the first start[^]*\n {2}curl .*\n\n$/);
      expect(session.ofLater.filter((secret) => stderr.includes(secret))).toEqual([]);
    });

    test('is in the database, and none in what was there while it ran', async () => {
      // Each account is there, so the right place was looked at.
      expect(everything).toContain('secretive');
      for (const kept of [everything, await contentsOf(setting)])
        expect(session.secrets.filter((secret) => kept.includes(secret))).toEqual([]);
    });

    test('is in an answer that says no', () => {
      const refusals = session.answers.filter(({ status }) => status >= 400);
      expect(new Set(refusals.map(({ status }) => status))).toEqual(
        new Set([400, 401, 403, 404, 405, 409, 413, 414, 415, 422, 431]),
      );
      const told = refusals.map(({ text, headers }) => text + JSON.stringify(headers)).join('\n');
      expect(session.secrets.filter((secret) => told.includes(secret))).toEqual([]);
    });
  });
});

interface Session {
  readonly api: ApiProcess;
  readonly answers: readonly Pick<Answer, 'status' | 'text' | 'headers'>[];
  /** All that must never be seen, each without its first characters: those may be shown. */
  readonly secrets: readonly string[];
  /** Those that the first start could not show. */
  readonly ofLater: readonly string[];
}

const hidden = (secret: string) => secret.slice(9);
const pairOf = ({ accessKey, secretKey }: CredentialJson) => ({ accessKey, secretKey }) as KeyPair;
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** All that is done with secrets, in ways that work and in ways that do not. */
async function wholeSession(api: ApiProcess & { readonly system: KeyPair }, { cwd }: Setting): Promise<Session> {
  const first = api.system;
  const [, password = ''] = /password +(\S+)/.exec(api.printed.stderr) ?? [];
  const as = platformHeaders(first, 'admin');
  const answers: Pick<Answer, 'status' | 'text' | 'headers'>[] = [];
  const call: ApiProcess['call'] = async (...request) => {
    const answer = await api.call(...request);
    answers.push(answer);
    return answer;
  };

  const body = { appId: 'secretive', authorizationGrantTypes: ['PLATFORM'], scope: ['PROJECT'] };
  const opened = (await call('POST', `${ACCOUNT}/create`, { as, body })).body.data as AccountJson;
  const added = (await call('POST', `${ACCOUNT}/credential/secretive`, { as })).body.data as CredentialJson;
  const [pair] = opened.credentials;
  if (!pair) throw new Error('The account has no key pair.');
  const { accessKey, secretKey } = pair;
  const token = `cat_${'T0kenThatNobodyMayEverSee'.repeat(2).slice(0, 49)}`;
  const mistyped = `${added.secretKey.slice(0, -1)}_`;

  // Checks, with the secret in the URL and in the body, right and wrong.
  for (const secret of [secretKey, mistyped, `${secretKey}%00`, `${secretKey}%ff`]) {
    await call('GET', `${ACCOUNT}/credential/secretive/${accessKey}/${secret}`, { as });
    await call('GET', `/ms${ACCOUNT}/credential/${accessKey}/${secret}`, { as });
    await call('POST', `${ACCOUNT}/credential/check`, {
      as,
      body: { appId: 'secretive', accessKey, secretKey: secret },
    });
  }
  // The right words at the wrong place.
  await call('POST', `${ACCOUNT}/credential/check`, { as, body: { accessKey: [secretKey], secretKey: { secretKey } } });
  await call('POST', `${ACCOUNT}/credential/check`, { as, body: `{"secretKey":"${secretKey}",}` });
  await call('POST', `${ACCOUNT}/credential/check`, {
    as,
    body: `secret=${secretKey}`,
    headers: { 'content-type': 'text/plain' },
  });
  await call('POST', `${ACCOUNT}/credential/check`, { as, body: { accessKey, secretKey, pad: 'x'.repeat(70_000) } });
  await call('POST', `${ACCOUNT}/create`, { as, body: { ...body, appId: secretKey, homepageUrl: token } });
  await call('POST', `${ACCOUNT}/create`, {
    as,
    body: { ...body, scope: [secretKey], redirectUri: `http://a:${password}@b` },
  });
  await call('POST', `${ACCOUNT}/create`, { as, body });
  await call('POST', `${ACCOUNT}/credential/secretive/AUTHORIZATION_CODE`, { as, headers: { 'x-secret': secretKey } });
  await call('POST', `${ACCOUNT}/credential/${secretKey}/${secretKey}`, { as });
  await call('PUT', `${ACCOUNT}/credential/secretive/${secretKey}/ENABLE`, { as });
  await call('PUT', `${ACCOUNT}/credential/secretive/${accessKey}/${secretKey}`, { as });
  await call('DELETE', `${ACCOUNT}/credential/secretive/${accessKey}`, { as });
  await call('DELETE', `${ACCOUNT}/credential/secretive/${added.accessKey}`, { as });
  await call('PATCH', `${ACCOUNT}/credential/secretive/${accessKey}/${secretKey}`, { as });
  await call('GET', `/nowhere/${secretKey}?access_token=${token}`, { as });
  await call('GET', `${ACCOUNT}/list?q=${secretKey}&cursor=${secretKey}&limit=${token}`, { as });
  await call('GET', `${ACCOUNT}/list?q=${'x'.repeat(9000)}${secretKey}`, { as });
  // Whoever presents what is not good, or twice, or not the right thing.
  await call('GET', `${ACCOUNT}/list?access_token=${token}`);
  await call('GET', `${ACCOUNT}/list`, { as: { authorization: `Bearer ${token}` } });
  await call('GET', `${ACCOUNT}/list`, { as: { authorization: `Basic ${base64(`admin:${password}`)}` } });
  await call('GET', `${ACCOUNT}/list`, {
    as: platformHeaders({ ...first, secretKey: pairOf(added).secretKey }, 'admin'),
  });
  await call('GET', `${ACCOUNT}/list`, { as: { authorization: `Platform ${first.secretKey}` } });
  await call('GET', `${ACCOUNT}/list?access_token=${token}`, { as });
  await call('GET', `${ACCOUNT}/list`, { as: platformHeaders(pairOf(added), 'admin') });
  await call('GET', `${ACCOUNT}/list`, { as: { ...as, 'x-bkrepo-uid': password, 'x-devops-uid': secretKey } });
  // What never becomes a request.
  const authorization = `Authorization: ${as['authorization']}`;
  for (const broken of [
    `GET /${secretKey} HTTP/1.1\r\nHost: x\r\n${authorization}\r\nX-Secret: ${token}${'x'.repeat(40_000)}\r\n\r\n`,
    `GET /${secretKey} HTTP/1.1\r\nHost: x\r\n${authorization}\r\n X-Secret ${token}\r\n\r\n`,
    `GET /${'x'.repeat(40_000)}${secretKey} HTTP/1.1\r\nHost: x\r\n${authorization}\r\n\r\n`,
    `POST ${ACCOUNT}/credential/check HTTP/1.1\r\nHost: x\r\nContent-Length: x${secretKey}\r\n${authorization}\r\n\r\n`,
    `${secretKey} ${token}\r\n\r\n`,
  ])
    answers.push(await sendRaw(Number(new URL(api.address).port), broken));

  const keys = keysIn(cwd);
  const later = [secretKey, added.secretKey, mistyped, token];
  return {
    api,
    answers,
    secrets: [...later, first.secretKey, password, ...keys, base64(`${first.accessKey}:${first.secretKey}`)].map(
      hidden,
    ),
    ofLater: [...later, ...keys].map(hidden),
  };
}

/** The keys that the first start has made: they lie in files of their own. */
function keysIn(cwd: string): string[] {
  const folder = join(cwd, 'data');
  const files = readdirSync(folder).filter((file) => file.endsWith('.key'));
  expect(files).toHaveLength(2);
  return files.flatMap((file) => readFileSync(join(folder, file), 'utf8').trim().split('\n'));
}
