import { beforeEach, describe, expect, test } from '@jest/globals';
import { OPERATOR, type UserCaller, type UserId } from '@claviger/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Adapter } from 'oidc-provider';
import { freshGround, type Ground } from '../../test/ground.js';
import { duringArrival } from './arrival.js';
import { artifactAdapter } from './artifact-adapter.js';

const [HOUR, MINUTE] = [3600, 60];
const ALICE: UserCaller = { kind: 'user', userId: 'alice' as UserId, admin: false, account: null };

let ground: Ground;
let codes: Adapter;
let refreshTokens: Adapter;
let accessTokens: Adapter;
let grants: Adapter;

const pair = { accountId: 'alice', clientId: 'calendar', grantId: 'a grant', scope: 'openid PROJECT' };

beforeEach(async () => {
  ground = await freshGround();
  await ground.platform.createUser(OPERATOR, { userId: 'alice', password: 'correct horse battery' });
  await ground.platform.createAccount(OPERATOR, {
    appId: 'calendar',
    authorizationGrantTypes: ['AUTHORIZATION_CODE'],
    homepageUrl: 'https://calendar.example/',
    redirectUri: 'https://calendar.example/back',
    scope: ['PROJECT'],
  });
  await ground.platform.authorizeAccount(ALICE, { appId: 'calendar', scope: ['PROJECT'] });
  const adapter = (kind: string) => artifactAdapter(kind, ground, () => new Error('refused'));
  [codes, refreshTokens] = [adapter('AuthorizationCode'), adapter('RefreshToken')];
  [accessTokens, grants] = [adapter('AccessToken'), adapter('Grant')];
  await grants.upsert('a grant', { ...pair, kind: 'Grant' }, HOUR);
});

/** What a request finds that came so many milliseconds after now. */
const foundBy = (adapter: Adapter, id: string, later: number) => {
  const nobody = { request: {} as FastifyRequest, reply: {} as FastifyReply };
  return duringArrival({ ...nobody, at: ground.clock.now() + later }, () => adapter.find(id));
};

describe('a code that was redeemed', () => {
  beforeEach(async () => {
    await codes.upsert('a code', { ...pair, kind: 'AuthorizationCode' }, MINUTE);
    expect(await foundBy(codes, 'a code', -1)).toMatchObject({ kind: 'AuthorizationCode' });
    await codes.consume('a code');
  });

  test.each([-1, 0])('is none for who came before that, so that nothing happens: %s ms', async (later) => {
    expect(await foundBy(codes, 'a code', later)).toBeUndefined();
  });

  test('is one for who came after that, so that they end its tokens', async () => {
    expect(await foundBy(codes, 'a code', 1)).toMatchObject({ consumed: Math.floor(ground.clock.now() / 1000) });
  });

  test('is redeemed by nobody else, whenever they looked, and its grant stays', async () => {
    await expect(codes.consume('a code')).rejects.toThrow('refused');
    expect(await grants.find('a grant')).toMatchObject({ clientId: 'calendar' });
  });
});

describe('a refresh token that was used', () => {
  beforeEach(async () => {
    await refreshTokens.upsert('a token', { ...pair, kind: 'RefreshToken' }, HOUR);
    await refreshTokens.consume('a token');
  });

  test('is known as used to everybody, whenever they came', async () => {
    for (const later of [-1, 0, 1])
      expect(await foundBy(refreshTokens, 'a token', later)).toMatchObject({ consumed: expect.any(Number) });
  });

  test('ends its family when it is used by somebody else who had looked before, and nothing joins it any more', async () => {
    await accessTokens.upsert('first', { ...pair, kind: 'AccessToken' }, HOUR);
    await expect(refreshTokens.consume('a token')).rejects.toThrow('refused');
    expect([await accessTokens.find('first'), await grants.find('a grant')]).toEqual([undefined, undefined]);
    await expect(accessTokens.upsert('late', { ...pair, kind: 'AccessToken' }, HOUR)).rejects.toThrow('refused');
  });
});
