import { describe, expect, test } from '@jest/globals';
import { aCredential, anAccount, aUser, NEW_YEAR, numberedKey } from '@claviger/testing';
import { issueCredential } from '@claviger/domain';
import { accountJson, credentialJson, userJson } from './present.js';

describe('an account as it leaves the house', () => {
  test('has the fields that clients know, and no other', () => {
    expect(Object.keys(accountJson(anAccount()))).toEqual([
      'id',
      'appId',
      'locked',
      'credentials',
      'owner',
      'authorizationGrantTypes',
      'homepageUrl',
      'redirectUri',
      'avatarUrl',
      'scope',
      'description',
      'createdDate',
      'lastModifiedDate',
    ]);
  });

  test('shows in clear the secrets that were made just now, and masks the others', () => {
    const key = numberedKey(7);
    const [made, older] = [issueCredential(key, 'PLATFORM', NEW_YEAR), aCredential()];
    const shown = accountJson(anAccount({ credentials: [older, made] }), [key]).credentials;
    expect(shown.map(({ secretKey }) => secretKey)).toEqual([`${older.secretHint}*****`, key.secretKey]);
  });

  test('has its dates in UTC with milliseconds', () => {
    const { createdDate, lastModifiedDate } = accountJson(anAccount({ lastModifiedAt: NEW_YEAR + 1 }));
    expect([createdDate, lastModifiedDate]).toEqual(['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.001Z']);
  });
});

test('a credential leaves without anything that is kept of its secret', () => {
  const credential = aCredential({ status: 'DISABLE' });
  expect(credentialJson(credential)).toEqual({
    accessKey: credential.accessKey,
    secretKey: `${credential.secretHint}*****`,
    createdAt: '2026-01-01T00:00:00.000Z',
    status: 'DISABLE',
    authorizationGrantType: 'PLATFORM',
    expiresAt: null,
    lastUsedAt: null,
    lastUsedFrom: null,
    supersededBy: null,
  });
});

test('a credential tells its end, its last use and what takes its place', () => {
  const by = numberedKey(9).accessKey;
  const shown = credentialJson(
    aCredential({
      expiresAt: NEW_YEAR + 1,
      lastUsedAt: NEW_YEAR,
      lastUsedFrom: '192.0.2.1',
      superseded: { by, at: NEW_YEAR, retire: 'at', overlap: 1, expiresAtBefore: null },
    }),
  );
  expect(shown).toMatchObject({
    expiresAt: '2026-01-01T00:00:00.001Z',
    lastUsedAt: '2026-01-01T00:00:00.000Z',
    lastUsedFrom: '192.0.2.1',
    supersededBy: by,
  });
});

test('a user leaves without anything of their password', () => {
  expect(Object.keys(userJson(aUser()))).toEqual([
    'userId',
    'name',
    'admin',
    'locked',
    'createdDate',
    'lastModifiedDate',
  ]);
});
