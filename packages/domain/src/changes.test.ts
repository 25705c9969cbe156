import { describe, expect, test } from '@jest/globals';
import { aBoxedSecret, aCredential, anAccount, aUser, aWebhook, LATER, NOON, OWNER } from '../test/builders.js';
import type { AccessToken, BearerMac, TokenId } from './access-token.js';
import { addCredential, changeCredentialStatus, lockAccount, withdrawCredential } from './account.js';
import {
  accountChanges,
  authorizationChanges,
  sessionChanges,
  signingKeyChanges,
  tokenChanges,
  userChanges,
  webhookChanges,
} from './changes.js';
import type { Authorization } from './authorization.js';
import type { Session, SessionId } from './session.js';
import type { SigningKey, SigningKeyId } from './signing-key.js';
import { changePassword, type PasswordHash } from './user.js';
import { rotateWebhookSecret } from './webhook.js';

const mac = (name: string) => `${name}-mac-of-43-characters-${'x'.repeat(20)}` as BearerMac;
const hash = (end: string) => `$argon2id$v=19$m=19456,t=2,p=1$salt-of-the-hash$the-hash-itself-${end}` as PasswordHash;

const sealed = { pepperId: 'pepper-1', mac: mac('credential') };
const credential = aCredential('old', 'PLATFORM', { sealedSecret: sealed });
const account = anAccount({ credentials: [credential] });
const user = aUser({ passwordHash: hash('ABCDEFGH') });
const token: AccessToken = {
  id: 'token-1' as TokenId,
  userId: OWNER,
  name: 'ci',
  mac: mac('token'),
  createdAt: NOON,
  expiresAt: LATER,
  lastUsedAt: null,
};
const session: Session = {
  id: 'session-1' as SessionId,
  userId: OWNER,
  mac: mac('session'),
  createdAt: NOON,
  expiresAt: LATER,
  address: '192.0.2.1',
  userAgent: 'Firefox',
};
const authorization: Authorization = {
  userId: OWNER,
  accountId: account.id,
  scope: ['REPO'],
  grantedAt: NOON,
  lastUsedAt: null,
};
const signingKey: SigningKey = {
  id: 'signing-key-1' as SigningKeyId,
  privateKey: aBoxedSecret('signing-key'),
  createdAt: NOON,
  signsFrom: LATER,
};
const webhook = aWebhook({ formerSecret: { secret: aBoxedSecret('former'), until: LATER } });

/** Everything that can be told of each kind of thing. */
const told = {
  account: accountChanges(null, account),
  user: userChanges(null, user),
  token: tokenChanges(null, token),
  session: sessionChanges(null, session),
  authorization: authorizationChanges(null, authorization),
  signingKey: signingKeyChanges(null, signingKey),
  webhook: webhookChanges(null, webhook),
};

test('of a new thing everything is told that says what it is', () => {
  expect(told).toEqual({
    account: {
      before: null,
      after: {
        appId: 'bkdevops',
        owner: 'olga',
        locked: false,
        grantTypes: ['PLATFORM'],
        scope: ['PROJECT'],
        homepageUrl: 'https://devops.example/home',
        redirectUri: 'https://devops.example/back',
        avatarUrl: null,
        description: null,
        credentials: {
          [credential.accessKey]: {
            grantType: 'PLATFORM',
            status: 'ENABLE',
            expiresAt: null,
            supersededBy: null,
            secret: 'pepper-1:credential-m',
          },
        },
      },
    },
    user: { before: null, after: { userId: 'olga', name: null, admin: false, locked: false, password: 'ABCDEFGH' } },
    token: { before: null, after: { userId: 'olga', name: 'ci', expiresAt: LATER, token: 'token-mac-of' } },
    session: {
      before: null,
      after: { userId: 'olga', address: '192.0.2.1', userAgent: 'Firefox', expiresAt: LATER },
    },
    authorization: { before: null, after: { userId: 'olga', scope: ['REPO'] } },
    signingKey: { before: null, after: { signsFrom: LATER, privateKey: 'print-of-signing-key' } },
    webhook: {
      before: null,
      after: {
        appId: null,
        url: 'https://hooks.example/claviger',
        events: [],
        description: null,
        enabled: true,
        secret: 'print-of-first',
      },
    },
  });
});

test('no secret is told, nor all that is kept of one', () => {
  const text = JSON.stringify(told);
  for (const secret of [
    sealed.mac,
    sealed.mac.slice(0, 20),
    credential.secretHint,
    String(user.passwordHash),
    'salt-of-the-hash',
    token.mac,
    token.mac.slice(0, 20),
    session.mac.slice(0, 8),
    webhook.secret.box,
    signingKey.privateKey.box,
    'former',
  ])
    expect(text).not.toContain(secret);
});

test('of a user without a password it is told that there is none', () => {
  expect(userChanges(null, aUser()).after).toMatchObject({ password: null });
});

describe('a change', () => {
  test('tells of an account what differs', () => {
    expect(accountChanges(account, lockAccount(account, true, LATER))).toEqual({
      before: { locked: false },
      after: { locked: true },
    });
  });

  test('tells of its credentials which were added, removed and changed', () => {
    const asked = { grantType: 'PLATFORM', expiresAt: LATER, mostLive: 5, now: LATER } as const;
    const key = { ...aCredential('new', 'PLATFORM'), secretKey: 'csk_new' as never };
    const two = addCredential(account, { key, ...asked });
    const added = { grantType: 'PLATFORM', status: 'ENABLE', expiresAt: LATER, supersededBy: null };
    expect(accountChanges(account, two)).toEqual({
      before: { credentials: {} },
      after: { credentials: { [key.accessKey]: { ...added, secret: 'pepper:mac-of-new' } } },
    });
    expect(accountChanges(two, withdrawCredential(two, credential.accessKey, LATER))).toMatchObject({
      before: { credentials: { [credential.accessKey]: { status: 'ENABLE' } } },
      after: { credentials: {} },
    });
    const disabling = { status: 'DISABLE', mostLive: 5, now: LATER } as const;
    expect(accountChanges(two, changeCredentialStatus(two, key.accessKey, disabling))).toEqual({
      before: { credentials: { [key.accessKey]: { status: 'ENABLE' } } },
      after: { credentials: { [key.accessKey]: { status: 'DISABLE' } } },
    });
  });

  test('of a password shows that it is another one', () => {
    expect(userChanges(user, changePassword(user, hash('12345678'), LATER))).toEqual({
      before: { password: 'ABCDEFGH' },
      after: { password: '12345678' },
    });
  });

  test("of a webhook's secret shows that it is another one", () => {
    expect(webhookChanges(webhook, rotateWebhookSecret(webhook, aBoxedSecret('second'), LATER))).toEqual({
      before: { secret: 'print-of-first' },
      after: { secret: 'print-of-second' },
    });
  });

  test('that only says when something was used or looked at is none', () => {
    const used = { ...credential, lastUsedAt: LATER, lastUsedFrom: '192.0.2.1', warnedOfExpiry: 7 };
    expect(accountChanges(account, { ...account, credentials: [used], version: 2, lastModifiedAt: LATER })).toEqual({
      before: {},
      after: {},
    });
    const tried = { ...webhook, health: { failures: 5, restsUntil: LATER } };
    expect(webhookChanges(webhook, tried)).toEqual({ before: {}, after: {} });
    expect(tokenChanges(token, { ...token, lastUsedAt: LATER })).toEqual({ before: {}, after: {} });
  });

  test('that ends a thing tells what it was', () => {
    expect(authorizationChanges(authorization, null)).toEqual({ before: told.authorization.after, after: null });
    expect(sessionChanges(session, null)).toEqual({ before: told.session.after, after: null });
  });
});
