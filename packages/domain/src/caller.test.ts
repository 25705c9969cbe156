import { describe, expect, test } from '@jest/globals';
import { OWNER } from '../test/builders.js';
import { refusalOf } from '../test/refusal.js';
import {
  demandActor,
  demandAdmin,
  demandGatewayScope,
  demandInPerson,
  demandManaged,
  demandMayChangeLock,
  demandMayGrant,
  demandOwnDeed,
  demandSystemScope,
  isAdmin,
  mayCheckAnyKey,
  mayManage,
  OPERATOR,
  WORKER,
  type Actor,
  type Caller,
  type CallingAccount,
  type UserCaller,
} from './caller.js';
import type { AppId, UserId } from './names.js';

const system: CallingAccount = { appId: 'console' as AppId, scope: ['PROJECT', 'SYSTEM'] };
const plain: CallingAccount = { appId: 'shop' as AppId, scope: ['PROJECT', 'REPO', 'NODE'] };
const asUser = (userId: string, admin: boolean, account: CallingAccount | null = null): UserCaller => ({
  kind: 'user',
  userId: userId as UserId,
  admin,
  account,
});

const CALLERS = {
  'an admin': asUser('anna', true),
  'an admin through a SYSTEM account': asUser('anna', true, system),
  'an admin through another account': asUser('anna', true, plain),
  'the owner': asUser(OWNER, false),
  'the owner through a SYSTEM account': asUser(OWNER, false, system),
  'the owner through another account': asUser(OWNER, false, plain),
  'another user': asUser('otto', false),
  'another user through a SYSTEM account': asUser('otto', false, system),
  'another user through another account': asUser('otto', false, plain),
  'a SYSTEM account without user': { kind: 'platform', account: system },
  'another account without user': { kind: 'platform', account: plain },
  'the operator': OPERATOR,
  'the worker': WORKER,
} as const satisfies Record<string, Caller>;

type Who = keyof typeof CALLERS;
const WHO = Object.keys(CALLERS) as Who[];
const codeOf = (verb: () => unknown): string => refusalOf(verb)?.code ?? 'yes';

const [yes, nobody, notAdmin, notSystem] = [
  'yes',
  'user_header_missing',
  'user_not_allowed',
  'account_not_allowed',
] as const;

/** Who may act on accounts at all · do what only admins do · check whosever key. */
const TABLE: Readonly<Record<Who, readonly [string, string, boolean]>> = {
  'an admin': [yes, yes, true],
  'an admin through a SYSTEM account': [yes, yes, true],
  'an admin through another account': [notSystem, notSystem, false],
  'the owner': [yes, notAdmin, false],
  'the owner through a SYSTEM account': [yes, notAdmin, true],
  'the owner through another account': [notSystem, notSystem, false],
  'another user': [yes, notAdmin, false],
  'another user through a SYSTEM account': [yes, notAdmin, true],
  'another user through another account': [notSystem, notSystem, false],
  'a SYSTEM account without user': [nobody, nobody, true],
  'another account without user': [nobody, nobody, false],
  'the operator': [yes, yes, true],
  'the worker': [yes, yes, true],
};

describe.each(WHO)('%s', (who) => {
  const caller: Caller = CALLERS[who];
  const [acts, administers, checksAnyKey] = TABLE[who];

  test(`acting on accounts: ${acts}`, () => {
    expect(codeOf(() => demandActor(caller))).toBe(acts);
    if (acts === yes) expect(demandActor(caller)).toBe(caller);
  });

  test(`doing what only admins do: ${administers}`, () => {
    expect(codeOf(() => demandAdmin(caller))).toBe(administers);
  });

  test(`checking whosever key: ${checksAnyKey}`, () => {
    expect(mayCheckAnyKey(caller)).toBe(checksAnyKey);
  });

  test('needs the scope SYSTEM exactly when an account proved the call', () => {
    const account = 'account' in caller ? caller.account : null;
    expect(codeOf(() => demandSystemScope(caller))).toBe(account === plain ? notSystem : yes);
  });
});

/** Whoever can act on accounts: what is refused before does not get this far. */
const ACTORS: readonly Who[] = WHO.filter((who) => TABLE[who][0] === yes);
const actor = (who: Who): Actor => demandActor(CALLERS[who]);
const ADMINS: readonly Who[] = ['an admin', 'an admin through a SYSTEM account', 'the operator', 'the worker'];

test('admins are users with that flag, the operator and the worker; an account alone is never one', () => {
  expect(ACTORS.filter((who) => isAdmin(CALLERS[who]))).toEqual(ADMINS);
  expect(isAdmin(CALLERS['a SYSTEM account without user'])).toBe(false);
});

describe('an account', () => {
  const account = { owner: OWNER };
  const known = ['the owner', 'the owner through a SYSTEM account'] as const;

  test('is managed by its owner and by admins', () => {
    const managers = ACTORS.filter((who) => mayManage(CALLERS[who], account));
    expect(new Set(managers)).toEqual(new Set([...ADMINS, ...known]));
    expect(mayManage({ kind: 'platform', account: system }, account)).toBe(false);
  });

  test('of somebody else is as missing as one that does not exist', () => {
    for (const who of ACTORS) {
      expect(refusalOf(() => demandManaged(actor(who), null))).toEqual({ code: 'account_missing', details: {} });
      const manages = mayManage(CALLERS[who], account);
      expect(refusalOf(() => demandManaged(actor(who), account))).toEqual(
        manages ? null : { code: 'account_missing', details: {} },
      );
      if (manages) expect(demandManaged(actor(who), account)).toBe(account);
    }
  });

  test('is nobody else’s because their user ids differ in case alone', () => {
    expect(mayManage(asUser(OWNER.toUpperCase(), false), account)).toBe(false);
  });
});

describe('powers', () => {
  test.each([
    ['PLATFORM', ['PLATFORM'], [], ADMINS],
    ['PLATFORM among others', ['AUTHORIZATION_CODE', 'PLATFORM'], ['PROJECT'], ADMINS],
    ['the scope SYSTEM', ['AUTHORIZATION_CODE'], ['NODE', 'SYSTEM'], ADMINS],
    ['both', ['PLATFORM'], ['SYSTEM'], ADMINS],
    ['AUTHORIZATION_CODE with every other scope', ['AUTHORIZATION_CODE'], ['PROJECT', 'REPO', 'NODE'], ACTORS],
    ['AUTHORIZATION_CODE without scope', ['AUTHORIZATION_CODE'], [], ACTORS],
  ] as const)('%s: handed out by whom it should be', (_, grantTypes, scope, granters) => {
    for (const who of ACTORS)
      expect(codeOf(() => demandMayGrant(actor(who), { grantTypes, scope }))).toBe(
        granters.includes(who) ? yes : notAdmin,
      );
  });
});

describe('the lock of an account', () => {
  test.each([
    ['is set', false, true, ACTORS],
    ['stays set', true, true, ACTORS],
    ['stays off', false, false, ACTORS],
    ['is taken off', true, false, ADMINS],
  ] as const)('%s: an owner may lock, only an admin unlocks', (_, before, after, allowed) => {
    for (const who of ACTORS)
      expect(codeOf(() => demandMayChangeLock(actor(who), before, after))).toBe(allowed.includes(who) ? yes : notAdmin);
  });
});

describe('an application that a user let act for them', () => {
  const granted = (scope: CallingAccount['scope']) => asUser('alice', true, { ...system, scope, granted: true });

  test('does nothing that would outlive the authorization, while a platform may', () => {
    expect(codeOf(() => demandOwnDeed(granted(['SYSTEM'])))).toBe('not_allowed');
    for (const caller of [asUser('alice', true, system), asUser('alice', false), OPERATOR])
      expect(codeOf(() => demandOwnDeed(caller))).toBe(yes);
  });

  test('agrees to nothing for them, and neither does a platform or the operator', () => {
    for (const caller of [granted(['SYSTEM']), asUser('alice', true, system), OPERATOR])
      expect(codeOf(() => demandInPerson(caller))).toBe('not_allowed');
    expect(demandInPerson(asUser('alice', false))).toEqual(asUser('alice', false));
  });

  test('needs every scope that leads behind the gateway, while others need none', () => {
    expect(codeOf(() => demandGatewayScope(granted(['PROJECT', 'REPO', 'NODE'])))).toBe(yes);
    for (const scope of [['SYSTEM'], ['PROJECT', 'REPO'], ['SYSTEM', 'PROJECT', 'NODE'], []] as const)
      expect(codeOf(() => demandGatewayScope(granted(scope)))).toBe('account_not_allowed');
    expect(codeOf(() => demandGatewayScope(asUser('alice', false)))).toBe(yes);
  });
});
