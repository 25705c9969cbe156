import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  aCredential,
  aKey,
  anAccount,
  anAsked,
  aRequest,
  freshKeys,
  frozen,
  LATER,
  NOON,
  OWNER,
} from '../test/builders.js';
import { fieldRefusal, refusalOf } from '../test/refusal.js';
import {
  addCredential,
  amendAccount,
  changeCredentialStatus,
  withdrawCredential,
  type Account,
  type AccountStatement,
} from './account.js';
import { CREDENTIAL_STATUSES, type Credential } from './credential.js';
import { GRANT_TYPES, SCOPES, type GrantType } from './grant-rules.js';

const both = ['PLATFORM', 'AUTHORIZATION_CODE'] as const;

const amend = (account: Account, overrides: Partial<AccountStatement> = {}): Account =>
  amendAccount(account, aRequest({ authorizationGrantTypes: account.grantTypes, ...overrides }), {
    keys: freshKeys(),
    expiresAt: null,
    now: LATER,
  });

const platform = aCredential('platform', 'PLATFORM');
const code = aCredential('code', 'AUTHORIZATION_CODE');

describe('an update', () => {
  const full = anAccount({
    locked: true,
    scope: ['SYSTEM', 'NODE'],
    avatarUrl: 'logo.png',
    description: 'what it is for',
    version: 7,
  });

  test('keeps every field it leaves out, the lock too', () => {
    expect(amend(full)).toEqual({ ...full, lastModifiedAt: LATER });
  });

  test('keeps every field it sets to null', () => {
    const nulls = {
      locked: null,
      scope: null,
      homepageUrl: null,
      redirectUri: null,
      avatarUrl: null,
      description: null,
    };
    expect(amend(full, nulls)).toEqual({ ...full, lastModifiedAt: LATER });
  });

  test('changes every field it gives', () => {
    const given = {
      locked: false,
      scope: ['REPO'],
      homepageUrl: 'https://b.example',
      redirectUri: 'https://b.example/back',
      avatarUrl: '//b.example/logo.png',
      description: 'something else',
    } as const;
    expect(amend(full, given)).toEqual({ ...full, ...given, lastModifiedAt: LATER });
  });

  test('takes an optional value away with an empty text, and the scope with an empty list', () => {
    const nothing = { scope: [], homepageUrl: '', redirectUri: '', avatarUrl: '', description: '' };
    expect(amend(full, nothing)).toEqual({
      ...full,
      scope: [],
      homepageUrl: null,
      redirectUri: null,
      avatarUrl: null,
      description: null,
      lastModifiedAt: LATER,
    });
  });

  test('changes neither id, appId, owner, time of creation nor version', () => {
    const { id, appId, owner, createdAt, version } = amend(full, { appId: 'BKDEVOPS', description: 'new' });
    expect({ id, appId, owner, createdAt, version }).toEqual({
      id: full.id,
      appId: 'bkdevops',
      owner: OWNER,
      createdAt: NOON,
      version: 7,
    });
  });

  test.each(['homepageUrl', 'redirectUri', 'scope'] as const)(
    'after which the account has AUTHORIZATION_CODE needs %s, given now or before',
    (field) => {
      const rule = fieldRefusal(field, 'required_by_authorization_code');
      const nothing = field === 'scope' ? [] : null;
      const without = anAccount({ [field]: nothing });
      const value = { homepageUrl: 'http://a.example', redirectUri: 'http://a.example/b', scope: ['NODE'] }[field];
      const having = anAccount({ grantTypes: both, credentials: [platform, code] });
      const comes = { authorizationGrantTypes: both };

      expect(refusalOf(() => amend(without, comes))).toEqual(rule);
      expect(refusalOf(() => amend(without, { ...comes, [field]: value }))).toBeNull();
      expect(refusalOf(() => amend(having, { description: 'another field' }))).toBeNull();
      expect(refusalOf(() => amend(having, { [field]: field === 'scope' ? [] : '' }))).toEqual(rule);
      expect(
        refusalOf(() => amend(having, { authorizationGrantTypes: ['PLATFORM'], [field]: field === 'scope' ? [] : '' })),
      ).toBeNull();
    },
  );
});

describe('an update of the grant types', () => {
  test('makes one ENABLEd credential for a type that comes and leaves the others alone', () => {
    const after = amend(anAccount({ credentials: [platform] }), { authorizationGrantTypes: both });
    expect(after.credentials).toEqual([platform, aCredential('freshCode', 'AUTHORIZATION_CODE', { createdAt: LATER })]);
  });

  test('takes every credential of a type that goes, at once', () => {
    const another = aCredential('another', 'PLATFORM', { status: 'DISABLE' });
    const before = anAccount({ grantTypes: both, credentials: [platform, code, another] });
    expect(amend(before, { authorizationGrantTypes: ['AUTHORIZATION_CODE'] }).credentials).toEqual([code]);
  });

  test('compares sets and not numbers: one type in the place of the other changes the credentials', () => {
    const after = amend(anAccount({ credentials: [platform] }), { authorizationGrantTypes: ['AUTHORIZATION_CODE'] });
    expect(after.grantTypes).toEqual(['AUTHORIZATION_CODE']);
    expect(after.credentials).toEqual([aCredential('freshCode', 'AUTHORIZATION_CODE', { createdAt: LATER })]);
  });

  test('that only gives another order, or a type twice, changes no credential', () => {
    const before = anAccount({ grantTypes: both, credentials: [code, platform] });
    const after = amend(before, { authorizationGrantTypes: ['AUTHORIZATION_CODE', 'PLATFORM', 'AUTHORIZATION_CODE'] });
    expect(after).toEqual({ ...before, lastModifiedAt: LATER });
  });
});

/** One or both types, each with one to four credentials in any state, mixed. */
const accounts: fc.Arbitrary<Account> = fc.subarray([...GRANT_TYPES], { minLength: 1 }).chain((grantTypes) =>
  fc
    .tuple(...grantTypes.map((type) => fc.array(credentialStates(), { minLength: 1, maxLength: 4 }).map(named(type))))
    .chain((groups) => fc.shuffledSubarray(groups.flat(), { minLength: groups.flat().length }))
    .map((credentials) => anAccount({ grantTypes, credentials })),
);

function credentialStates(): fc.Arbitrary<Partial<Credential>> {
  return fc.record({
    status: fc.constantFrom(...CREDENTIAL_STATUSES),
    expiresAt: fc.option(fc.integer({ min: NOON - 10, max: LATER + 10 }), { nil: null }),
    createdAt: fc.integer({ min: 0, max: NOON }),
  });
}

const named = (type: GrantType) => (states: Partial<Credential>[]) =>
  states.map((state, index) => aCredential(`${type.slice(0, 4)}${index}`, type, state));

/** A set of types as a caller may write it: in any order, with doubles. */
const writtenTypes = fc.array(fc.constantFrom(...GRANT_TYPES), { minLength: 1, maxLength: 5 });

const typesOf = (account: Account): Set<GrantType> => new Set(account.credentials.map(({ grantType }) => grantType));

const holds = <T extends [unknown, ...unknown[]]>(
  arbitraries: { [Index in keyof T]: fc.Arbitrary<T[Index]> },
  property: (...values: T) => void,
): void => fc.assert(fc.property(...arbitraries, property), { numRuns: 100 });

describe('after any update of the grant types', () => {
  test('the account has exactly the types that were asked for, and at least one credential of each', () => {
    holds([accounts, writtenTypes], (before, asked) => {
      const after = amend(before, { authorizationGrantTypes: asked });
      expect(new Set(after.grantTypes)).toEqual(new Set(asked));
      expect(after.grantTypes).toHaveLength(new Set(asked).size);
      expect(typesOf(after)).toEqual(new Set(asked));
    });
  });

  test('no credential of a type that went is left, and not one credential of another type is lost', () => {
    holds([accounts, writtenTypes], (before, asked) => {
      const after = amend(before, { authorizationGrantTypes: asked });
      const survivors = after.credentials.filter((credential) => before.credentials.includes(credential));
      expect(survivors).toEqual(before.credentials.filter(({ grantType }) => asked.includes(grantType)));
    });
  });

  test('the credentials of a type that stayed are the very same objects in the same order', () => {
    holds([accounts, writtenTypes], (before, asked) => {
      const after = amend(before, { authorizationGrantTypes: asked });
      const staying = before.credentials.filter(({ grantType }) => asked.includes(grantType));
      staying.forEach((credential, index) => expect(after.credentials[index]).toBe(credential));
    });
  });

  test('a type that came has exactly one credential: new, ENABLEd, with the key made for that type', () => {
    holds([accounts, writtenTypes], (before, asked) => {
      const after = amend(before, { authorizationGrantTypes: asked });
      const came = GRANT_TYPES.filter((type) => asked.includes(type) && !before.grantTypes.includes(type));
      const made = after.credentials.filter((credential) => !before.credentials.includes(credential));
      const keys = freshKeys();
      expect(made).toEqual(
        came.map((type) => ({
          accessKey: keys[type].accessKey,
          sealedSecret: keys[type].sealedSecret,
          secretHint: keys[type].secretKey.slice(0, 8),
          grantType: type,
          status: 'ENABLE',
          createdAt: LATER,
          expiresAt: null,
          lastUsedAt: null,
          lastUsedFrom: null,
          superseded: null,
          warnedOfExpiry: null,
        })),
      );
    });
  });

  test('the same update once more changes nothing', () => {
    holds([accounts, writtenTypes], (before, asked) => {
      const once = amend(before, { authorizationGrantTypes: asked });
      expect(amend(once, { authorizationGrantTypes: asked })).toEqual(once);
    });
  });
});

test('an update is refused exactly when AUTHORIZATION_CODE would stand without what users must be told', () => {
  const url = fc.constantFrom(null, 'https://a.example');
  const scope = fc.subarray([...SCOPES]);
  const profiles = fc.record({ homepageUrl: url, redirectUri: url, scope });
  const changes = fc.record({
    homepageUrl: fc.constantFrom(undefined, null, '', 'https://b.example'),
    redirectUri: fc.constantFrom(undefined, null, '', 'https://b.example'),
    scope: fc.option(scope, { nil: undefined }),
  });
  holds([profiles, changes, writtenTypes], (profile, change, asked) => {
    const stays = (field: 'homepageUrl' | 'redirectUri'): boolean => Boolean(change[field] ?? profile[field]);
    const complete = stays('homepageUrl') && stays('redirectUri') && (change.scope ?? profile.scope).length > 0;
    const refusal = refusalOf(() => amend(anAccount(profile), { ...change, authorizationGrantTypes: asked }));
    expect(refusal === null).toBe(complete || !asked.includes('AUTHORIZATION_CODE'));
  });
});

test('a credential that an update adds expires when it is told to; the others stay as they are', () => {
  const account = anAccount();
  const given = { keys: freshKeys(), expiresAt: LATER + 1, now: LATER };
  const after = amendAccount(account, aRequest({ authorizationGrantTypes: both }), given);
  expect(after.credentials.map(({ expiresAt }) => expiresAt)).toEqual([null, LATER + 1]);
});

describe('after any sequence of verbs, agreed to or refused', () => {
  type Step = (account: Account, turn: number) => Account;
  const at = (account: Account, pick: number) => account.credentials[pick % account.credentials.length] ?? platform;
  const steps: fc.Arbitrary<Step> = fc.oneof(
    writtenTypes.map<Step>((asked) => (account, turn) => {
      const keys = { PLATFORM: aKey(`p${turn}`), AUTHORIZATION_CODE: aKey(`c${turn}`) };
      return amendAccount(account, aRequest({ authorizationGrantTypes: asked }), {
        keys,
        expiresAt: null,
        now: NOON + turn,
      });
    }),
    fc
      .constantFrom(...GRANT_TYPES)
      .map<Step>((type) => (account, turn) => addCredential(account, anAsked(`a${turn}`, { grantType: type }))),
    fc
      .nat()
      .map<Step>((pick) => (account, turn) => withdrawCredential(account, at(account, pick).accessKey, NOON + turn)),
    fc.tuple(fc.nat(), fc.constantFrom(...CREDENTIAL_STATUSES)).map<Step>(
      ([pick, status]) =>
        (account, turn) =>
          changeCredentialStatus(account, at(account, pick).accessKey, { status, mostLive: 5, now: NOON + turn }),
    ),
  );

  test('an account has at least one credential of each of its types, none of another, and no key twice', () => {
    holds([accounts, fc.array(steps, { maxLength: 12 })], (start, sequence) => {
      let account = start;
      sequence.forEach((step, turn) => {
        refusalOf(() => (account = frozen(step(account, turn))));
        expect(typesOf(account)).toEqual(new Set(account.grantTypes));
        const keys = account.credentials.map(({ accessKey }) => accessKey);
        expect(new Set(keys).size).toBe(keys.length);
      });
    });
  });
});
