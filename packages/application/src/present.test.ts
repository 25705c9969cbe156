import { describe, expect, test } from '@jest/globals';
import {
  aCredential,
  aDelivery,
  anAccount,
  aSigningKey,
  aUser,
  aWebhook,
  NEW_YEAR,
  numberedKey,
  plainVault,
} from '@claviger/testing';
import { issueCredential, judgeSigningKeys } from '@claviger/domain';
import { accountJson, credentialJson, deliveryJson, signingKeyJson, userJson, webhookJson } from './present.js';

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

test('a webhook leaves with its secret only in the answer that made it, and never with its box', () => {
  const { secret, boxed } = plainVault().newWebhookSecret();
  const webhook = aWebhook({ secret: boxed, formerSecret: { secret: boxed, until: NEW_YEAR } });
  const usual = webhookJson(webhook);
  expect(JSON.stringify(usual)).not.toMatch(/secret|box-|print-|whsec_/i);
  expect(webhookJson(webhook, secret)).toEqual({ ...usual, secret });
  expect(usual).toMatchObject({ failures: 0, restsUntil: null, createdAt: '2026-01-01T00:00:00.000Z' });
});

test('a delivery tells when it is tried next only while it waits', () => {
  const { id: webhookId } = aWebhook();
  const shown = (status: 'waiting' | 'dead') => deliveryJson(aDelivery({ webhookId, status })).nextAttemptAt;
  expect([shown('waiting'), shown('dead')]).toEqual(['2026-01-01T00:00:00.000Z', null]);
});

test('a signing key leaves with what it is good for, and without the key', () => {
  const [old, next] = [aSigningKey(), aSigningKey({ signsFrom: NEW_YEAR + 1000 })];
  expect(judgeSigningKeys([old, next], NEW_YEAR).map(signingKeyJson)).toEqual([
    {
      id: old.id,
      state: 'signing',
      createdAt: '2026-01-01T00:00:00.000Z',
      signsFrom: '2026-01-01T00:00:00.000Z',
      retiresAt: '2026-01-02T01:00:01.000Z',
    },
    {
      id: next.id,
      state: 'waiting',
      createdAt: '2026-01-01T00:00:00.000Z',
      signsFrom: '2026-01-01T00:00:01.000Z',
      retiresAt: null,
    },
  ]);
});
