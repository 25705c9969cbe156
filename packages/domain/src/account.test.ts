import { describe, expect, test } from '@jest/globals';
import {
  aCredential,
  aKey,
  anAccount,
  anAsked,
  aRequest,
  aStatement,
  freshKeys,
  LATER,
  NOON,
  OWNER,
} from '../test/builders.js';
import { fieldRefusal, refusalOf } from '../test/refusal.js';
import {
  addCredential,
  changeCredentialStatus,
  credentialOf,
  lockAccount,
  openAccount,
  parseAccountId,
  parseAccountStatement,
  transferAccount,
  withdrawCredential,
  type Account,
  type AccountId,
  type AccountStatement,
} from './account.js';
import type { CredentialStatus } from './credential.js';
import { PlatformError } from './errors.js';
import type { AccessKey } from './key-format.js';
import type { UserId } from './names.js';

const both = ['PLATFORM', 'AUTHORIZATION_CODE'] as const;
const presentation = {
  homepageUrl: 'http://localhost',
  redirectUri: 'http://localhost/redirect',
  scope: ['PROJECT', 'REPO', 'NODE'],
} as const;

const open = (overrides: Partial<AccountStatement> = {}): Account =>
  openAccount(aRequest(overrides), {
    id: anAccount().id,
    owner: OWNER,
    keys: freshKeys(),
    expiresAt: null,
    now: NOON,
  });

const as = (status: CredentialStatus) => ({ status, mostLive: 5, now: LATER });

const keysOf = (account: Account): AccessKey[] => account.credentials.map((credential) => credential.accessKey);

describe('a new account', () => {
  test('is what its statement says, and nothing is presumed of what the statement leaves out', () => {
    expect(open()).toEqual({
      id: anAccount().id,
      appId: 'bkdevops',
      owner: OWNER,
      locked: false,
      grantTypes: ['PLATFORM'],
      scope: [],
      homepageUrl: null,
      redirectUri: null,
      avatarUrl: null,
      description: null,
      credentials: [aCredential('freshPlatform', 'PLATFORM')],
      createdAt: NOON,
      lastModifiedAt: NOON,
      version: 1,
    });
  });

  test('keeps every field of the documented example', () => {
    const example = { ...presentation, authorizationGrantTypes: both, avatarUrl: 'string', description: 'string' };
    const { appId, locked, grantTypes, scope, homepageUrl, redirectUri, avatarUrl, description } = open({
      ...example,
      appId: 'string',
      locked: false,
    });
    expect({ appId, locked, scope, homepageUrl, redirectUri, avatarUrl, description }).toEqual({
      ...presentation,
      appId: 'string',
      locked: false,
      avatarUrl: 'string',
      description: 'string',
    });
    expect(grantTypes).toEqual(both);
  });

  test('has one ENABLEd credential for each of its grant types, each with a key of its own', () => {
    expect(open({ ...presentation, authorizationGrantTypes: [...both, 'PLATFORM'] }).credentials).toEqual([
      aCredential('freshPlatform', 'PLATFORM'),
      aCredential('freshCode', 'AUTHORIZATION_CODE'),
    ]);
  });

  test('may begin its life locked', () => {
    expect(open({ locked: true }).locked).toBe(true);
  });

  test('without any grant type is refused', () => {
    expect(refusalOf(() => open({ authorizationGrantTypes: [] }))).toEqual(
      fieldRefusal('authorizationGrantTypes', 'empty'),
    );
  });

  test.each(['homepageUrl', 'redirectUri', 'scope'] as const)('with AUTHORIZATION_CODE needs %s', (field) => {
    const rule = fieldRefusal(field, 'required_by_authorization_code');
    const wanted = { ...presentation, authorizationGrantTypes: both };
    expect(refusalOf(() => open(wanted))).toBeNull();
    for (const nothing of [undefined, null, field === 'scope' ? [] : ''])
      expect(refusalOf(() => open({ ...wanted, [field]: nothing }))).toEqual(rule);
  });

  test('with PLATFORM alone needs neither addresses nor a scope', () => {
    expect(refusalOf(() => open({ authorizationGrantTypes: ['PLATFORM'] }))).toBeNull();
  });
});

describe('a statement about an account', () => {
  test('means "not given" by null as by leaving out, and "take away" by an empty text or an empty scope', () => {
    const optional = ['locked', 'scope', 'homepageUrl', 'redirectUri', 'avatarUrl', 'description'] as const;
    const nulls = Object.fromEntries(optional.map((field) => [field, null]));
    const nothing = Object.fromEntries(optional.map((field) => [field, undefined]));
    expect(parseAccountStatement(aStatement(nulls))).toMatchObject(nothing);
    expect(parseAccountStatement(aStatement())).toMatchObject(nothing);
    expect(
      parseAccountStatement(
        aStatement({ scope: [], homepageUrl: '', redirectUri: '', avatarUrl: '', description: '' }),
      ),
    ).toMatchObject({ scope: [], homepageUrl: null, redirectUri: null, avatarUrl: null, description: null });
  });

  test.each([
    [{ appId: 'list' }, fieldRefusal('appId', 'reserved')],
    [{ homepageUrl: 'javascript:alert(1)' }, fieldRefusal('homepageUrl', 'not_web_address')],
    [{ redirectUri: 'https://a.example/#' }, fieldRefusal('redirectUri', 'not_redirect_uri')],
    [{ avatarUrl: 'data:image/svg+xml,<svg/>' }, fieldRefusal('avatarUrl', 'not_picture_address')],
    [{ description: 'x'.repeat(1025) }, fieldRefusal('description', 'too_long', { max: 1024 })],
    [{ description: '\0' }, fieldRefusal('description', 'not_plain_text')],
  ])('is refused with %j, whatever the grant types are', (wrong, refusal) => {
    expect(refusalOf(() => parseAccountStatement(aStatement(wrong)))).toEqual(refusal);
  });

  test('is refused with a scope or a grant type that nobody knows', () => {
    expect(refusalOf(() => parseAccountStatement(aStatement({ scope: ['ALL'] })))?.details['field']).toBe('scope');
    expect(
      refusalOf(() => parseAccountStatement(aStatement({ authorizationGrantTypes: ['PASSWORD'] })))?.details['field'],
    ).toBe('authorizationGrantTypes');
  });
});

describe('one more credential', () => {
  test('is added behind the others, which stay the very same', () => {
    const account = anAccount();
    const after = addCredential(account, anAsked('second'));
    expect(after).toEqual({
      ...account,
      credentials: [...account.credentials, aCredential('second', 'PLATFORM', { createdAt: LATER })],
      lastModifiedAt: LATER,
    });
    expect(after.credentials[0]).toBe(account.credentials[0]);
  });

  test('makes no sense for a grant type that the account does not have', () => {
    expect(refusalOf(() => addCredential(anAccount(), anAsked('second', { grantType: 'AUTHORIZATION_CODE' })))).toEqual(
      {
        code: 'grant_type_absent',
        details: { grantType: 'AUTHORIZATION_CODE' },
      },
    );
  });
});

describe('the number of live credentials of one grant type', () => {
  const five = ['a', 'b', 'c', 'd', 'e'].map((name) => aCredential(name, 'PLATFORM'));
  const full = anAccount({ grantTypes: both, credentials: [...five, aCredential('code', 'AUTHORIZATION_CODE')] });
  const refusal = { code: 'too_many_credentials', details: { most: 5 } };

  test('is at most what the installation allows', () => {
    expect(refusalOf(() => addCredential(full, anAsked('sixth')))).toEqual(refusal);
    expect(refusalOf(() => addCredential(full, anAsked('sixth', { mostLive: 6 })))).toBeNull();
  });

  test('is counted for each type by itself, without those that are disabled or expired', () => {
    expect(refusalOf(() => addCredential(full, anAsked('other', { grantType: 'AUTHORIZATION_CODE' })))).toBeNull();
    for (const dead of [{ status: 'DISABLE' }, { expiresAt: LATER }] as const) {
      const [first, ...others] = full.credentials.map((held, i) => (i === 0 ? { ...held, ...dead } : held));
      if (!first) throw new Error('there are credentials');
      expect(refusalOf(() => addCredential({ ...full, credentials: [first, ...others] }, anAsked('next')))).toBeNull();
    }
  });

  test('is not exceeded by enabling one; whoever enables what is enabled adds none', () => {
    const sleeping = aCredential('sleeping', 'PLATFORM', { status: 'DISABLE' });
    const account = { ...full, credentials: [...full.credentials, sleeping] };
    expect(refusalOf(() => changeCredentialStatus(account, sleeping.accessKey, as('ENABLE')))).toEqual(refusal);
    for (const { accessKey } of five)
      expect(refusalOf(() => changeCredentialStatus(account, accessKey, as('ENABLE')))).toBeNull();
  });
});

describe('an account always keeps at least one credential of each of its types', () => {
  const first = aCredential('first', 'PLATFORM');
  const second = aCredential('second', 'PLATFORM');
  const code = aCredential('code', 'AUTHORIZATION_CODE');

  test('so the last of a type is not withdrawn, though there are credentials of the other type', () => {
    const account = anAccount({ grantTypes: both, credentials: [first, code] });
    for (const { accessKey } of account.credentials)
      expect(refusalOf(() => withdrawCredential(account, accessKey, LATER))).toEqual({
        code: 'credential_is_last',
        details: {},
      });
  });

  test('and the last but one is', () => {
    const account = anAccount({ grantTypes: both, credentials: [first, code, second] });
    const after = withdrawCredential(account, first.accessKey, LATER);
    expect(after).toEqual({ ...account, credentials: [code, second], lastModifiedAt: LATER });
    expect(refusalOf(() => withdrawCredential(after, second.accessKey, LATER))?.code).toBe('credential_is_last');
  });

  test('a DISABLEd one being one too', () => {
    const sleeping = aCredential('sleeping', 'PLATFORM', { status: 'DISABLE' });
    const account = anAccount({ credentials: [first, sleeping] });
    expect(keysOf(withdrawCredential(account, first.accessKey, LATER))).toEqual([sleeping.accessKey]);
  });
});

describe('the status of a credential', () => {
  test('changes for that credential alone', () => {
    const account = anAccount({ credentials: [aCredential('first', 'PLATFORM'), aCredential('second', 'PLATFORM')] });
    const [first, second] = keysOf(account) as [AccessKey, AccessKey];
    const disabled = changeCredentialStatus(account, second, as('DISABLE'));
    expect(disabled).toEqual({
      ...account,
      credentials: [credentialOf(account, first), { ...credentialOf(account, second), status: 'DISABLE' }],
      lastModifiedAt: LATER,
    });
    expect(changeCredentialStatus(disabled, second, as('ENABLE')).credentials).toEqual(account.credentials);
  });

  test('may become DISABLEd even for the last of its type: that is what an emergency needs', () => {
    const account = anAccount();
    const [only] = keysOf(account) as [AccessKey];
    expect(credentialOf(changeCredentialStatus(account, only, as('DISABLE')), only).status).toBe('DISABLE');
  });
});

test('a key that the account does not have is missing, for every verb that asks for it', () => {
  const account = anAccount();
  const foreign = aKey('foreign').accessKey;
  for (const verb of [
    () => credentialOf(account, foreign),
    () => withdrawCredential(account, foreign, LATER),
    () => changeCredentialStatus(account, foreign, as('DISABLE')),
  ])
    expect(refusalOf(verb)).toEqual({ code: 'credential_missing', details: {} });
});

test('an account is locked, unlocked and transferred without touching anything else', () => {
  const account = anAccount();
  expect(lockAccount(account, true, LATER)).toEqual({ ...account, locked: true, lastModifiedAt: LATER });
  expect(lockAccount(lockAccount(account, true, NOON), false, LATER)).toEqual({ ...account, lastModifiedAt: LATER });
  const heir = 'hana' as UserId;
  expect(transferAccount(account, heir, LATER)).toEqual({ ...account, owner: heir, lastModifiedAt: LATER });
});

describe('the id of an account out of a cursor', () => {
  test('is a UUID of version 7 in lower case', () => {
    const id: AccountId = anAccount().id;
    expect(parseAccountId('cursor', id)).toBe(id);
    for (const other of ['', 'x', id.toUpperCase(), id.replace('-7', '-4'), `${id}0`, ` ${id}`, `${id}\n`])
      expect(refusalOf(() => parseAccountId('cursor', other))).toEqual(fieldRefusal('cursor', 'not_cursor'));
  });
});

test('a refusal of an account is a PlatformError of a kind that every edge knows', () => {
  expect(() => open({ authorizationGrantTypes: [] })).toThrow(PlatformError);
});
