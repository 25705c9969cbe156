import { describe, expect, test } from '@jest/globals';
import {
  askableScopes,
  covers,
  grantableScopes,
  isClient,
  parseOAuthToken,
  scopeLeft,
  widenedScope,
  type GrantedArtifact,
} from './oauth.js';

const account = { scope: ['SYSTEM', 'PROJECT', 'REPO'] } as const;

describe('what an application may ask a user for', () => {
  test('is part of its account’s scope, in the usual order, once each', () => {
    expect(askableScopes(account, { admin: false }, ['REPO', 'PROJECT', 'REPO'])).toEqual(['PROJECT', 'REPO']);
    expect(askableScopes(account, { admin: false }, [])).toEqual([]);
  });

  test('is nothing beyond the account’s scope', () => {
    expect(() => askableScopes(account, { admin: true }, ['NODE'])).toThrow('not_allowed');
  });

  test('is SYSTEM of admins alone', () => {
    expect(askableScopes(account, { admin: true }, ['SYSTEM'])).toEqual(['SYSTEM']);
    expect(() => askableScopes(account, { admin: false }, ['SYSTEM'])).toThrow('user_not_allowed');
  });

  test('is, when it does not say, all that this user could grant', () => {
    expect(grantableScopes(account, { admin: true })).toEqual(['SYSTEM', 'PROJECT', 'REPO']);
    expect(grantableScopes(account, { admin: false })).toEqual(['PROJECT', 'REPO']);
  });

  test('is no word that is no scope', () => {
    expect(() => askableScopes(account, { admin: true }, ['project'])).toThrow('field_invalid');
  });
});

describe('an authorization', () => {
  test('covers what it says and nothing more', () => {
    expect(covers({ scope: ['PROJECT', 'REPO'] }, ['REPO'])).toBe(true);
    expect(covers({ scope: ['PROJECT', 'REPO'] }, ['REPO', 'NODE'])).toBe(false);
  });

  test('covers nothing when there is none, not even the empty scope', () => {
    expect(covers(null, [])).toBe(false);
  });

  test('widens by what is granted, and loses what the account no longer has', () => {
    expect(widenedScope(account, { scope: ['PROJECT', 'NODE'] }, ['REPO'])).toEqual(['PROJECT', 'REPO']);
    expect(widenedScope(account, null, ['REPO'])).toEqual(['REPO']);
  });
});

test('a client is an unlocked account of the type AUTHORIZATION_CODE', () => {
  expect(isClient({ locked: false, grantTypes: ['PLATFORM', 'AUTHORIZATION_CODE'] })).toBe(true);
  expect(isClient({ locked: true, grantTypes: ['AUTHORIZATION_CODE'] })).toBe(false);
  expect(isClient({ locked: false, grantTypes: ['PLATFORM'] })).toBe(false);
});

describe('what is left of a grant', () => {
  const left = (granted: readonly string[], accounts: readonly string[], admin: boolean) =>
    scopeLeft({ artifact: { scope: granted }, account: { scope: accounts }, user: { admin } } as GrantedArtifact);

  test('is what the account still has of it', () => {
    expect(left(['PROJECT', 'REPO'], ['REPO', 'NODE'], false)).toEqual(['REPO']);
  });

  test('is SYSTEM only as long as the user is an admin', () => {
    expect(left(['SYSTEM', 'PROJECT'], ['SYSTEM', 'PROJECT'], true)).toEqual(['SYSTEM', 'PROJECT']);
    expect(left(['SYSTEM', 'PROJECT'], ['SYSTEM', 'PROJECT'], false)).toEqual(['PROJECT']);
  });
});

test('a token of the authorization server has 43 characters of base64url', () => {
  const token = 'aZ09_-'.padEnd(43, 'x');
  expect(parseOAuthToken(token)).toBe(token);
  for (const wrong of ['', token.slice(1), `${token}x`, `${token.slice(1)}.`, `${token.slice(1)}\n`])
    expect(parseOAuthToken(wrong)).toBeNull();
});
