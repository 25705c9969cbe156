import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Answer } from '../../test/answer.js';
import { apiOverMemory, type ApiOverMemory } from '../../test/api-over-memory.js';
import { aUser, PASSWORD, type KnownUser } from '../../test/known-user.js';

const ROOT = '/auth/api/user';

let api: ApiOverMemory;
let root: KnownUser;

beforeAll(async () => {
  api = await apiOverMemory();
});
beforeEach(async () => {
  await api.renew();
  root = await aUser(api, 'root', { admin: true });
});
afterAll(() => api.app.close());

const of = ({ status, body }: Answer): [number, number] => [status, body.code];
const call = (method: string, path: string, body?: unknown) =>
  api.call(method, `${ROOT}${path}`, { as: root.bearer, body });
const canLogIn = async (userId: string, password: string) =>
  (await api.call('POST', `${ROOT}/login`, { body: { userId, password } })).status;

describe('users', () => {
  test('are registered, shown, listed, amended and deleted by admins', async () => {
    const at = new Date(api.clock.now()).toISOString();
    const carol = {
      userId: 'carol',
      name: 'Carol',
      admin: false,
      locked: false,
      createdDate: at,
      lastModifiedDate: at,
    };
    const made = await call('POST', '/create', { userId: 'carol', name: 'Carol', password: PASSWORD });
    expect([made.status, made.body.data]).toEqual([201, carol]);
    expect(made.text).not.toContain(PASSWORD);
    expect((await call('GET', '/detail/carol')).body.data).toEqual(carol);
    const listed = (await call('GET', '/list')).body.data as { userId: string }[];
    expect(listed.map(({ userId }) => userId)).toEqual(['admin', 'carol', 'root']);
    const amended = await call('PUT', '/update', { userId: 'carol', admin: true, name: '' });
    expect([amended.status, amended.body.data]).toEqual([200, { ...carol, name: null, admin: true }]);
    const gone = await call('DELETE', '/delete/carol');
    expect([gone.status, gone.body.data]).toEqual([200, true]);
    expect(of(await call('GET', '/detail/carol'))).toEqual([404, 250254]);
  });

  test('are served under the other prefix too', async () => {
    expect(of(await api.call('GET', `/ms${ROOT}/list`, { as: root.bearer }))).toEqual([200, 0]);
  });

  test('without a password cannot log in until an admin gives them one', async () => {
    await call('POST', '/create', { userId: 'carol' });
    expect(await canLogIn('carol', '')).toBe(401);
    expect(of(await call('PUT', '/password/carol', { password: 'battery staple' }))).toEqual([200, 0]);
    expect(await canLogIn('carol', 'battery staple')).toBe(200);
  });

  test('are locked and unlocked by an update', async () => {
    await aUser(api, 'carol');
    await call('PUT', '/update', { userId: 'carol', locked: true });
    expect(await canLogIn('carol', PASSWORD)).toBe(423);
    await call('PUT', '/update', { userId: 'carol', locked: false });
    expect(await canLogIn('carol', PASSWORD)).toBe(200);
  });

  test('keep one admin who can act', async () => {
    expect(of(await call('DELETE', '/delete/admin'))).toEqual([200, 0]);
    expect(of(await call('DELETE', '/delete/root'))).toEqual([409, 250235]);
    expect(of(await call('PUT', '/update', { userId: 'root', locked: true }))).toEqual([409, 250235]);
    expect(of(await call('PUT', '/update', { userId: 'root', admin: false }))).toEqual([409, 250235]);
  });

  test('are one for each userId', async () => {
    expect(of(await call('POST', '/create', { userId: 'root' }))).toEqual([409, 250211]);
  });

  test.each([
    ['POST', '/create', {}],
    ['POST', '/create', { userId: 'a b' }],
    ['POST', '/create', { userId: 'carol', admin: 'yes' }],
    ['POST', '/create', { userId: 'carol', password: 'short' }],
    ['POST', '/create', { userId: 'carol', password: 'password1' }],
    ['POST', '/create', { userId: 'carol', password: 7 }],
    ['POST', '/create', { userId: 'carol', name: 'x'.repeat(129) }],
    ['PUT', '/update', { userId: 'root', locked: 'no' }],
    ['PUT', '/update', { userId: 'root', name: ['x'] }],
    ['PUT', '/password/root', {}],
    ['PUT', '/password/root', { password: 'short' }],
    ['GET', '/detail/a%20b', undefined],
    ['DELETE', '/delete/a%2fb', undefined],
  ])('are 400 for %s %s with %j', async (method, path, body) => {
    expect(of(await call(method, path, body))).toEqual([400, 250105]);
  });

  test.each([
    ['GET', '/detail/none', undefined],
    ['PUT', '/update', { userId: 'none' }],
    ['PUT', '/password/none', { password: 'battery staple' }],
    ['DELETE', '/delete/none', undefined],
  ])('are 404 for %s %s where there is none', async (method, path, body) => {
    expect(of(await call(method, path, body))).toEqual([404, 250254]);
  });
});
