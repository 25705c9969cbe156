import { describe, expect, test } from '@jest/globals';
import { aKey, NOON } from '../test/builders.js';
import { fieldRefusal, refusalOf } from '../test/refusal.js';
import {
  issueCredential,
  judgeCredential,
  maskedSecret,
  parseCredentialStatus,
  UNKNOWN_CREDENTIAL,
  type CredentialRefusal,
  type CredentialStatus,
} from './credential.js';
import type { GrantType } from './grant-rules.js';

describe('a credential', () => {
  test('is good from the moment it is issued, for one grant type and without end', () => {
    expect(issueCredential(aKey('new'), 'PLATFORM', NOON)).toEqual({
      accessKey: aKey('new').accessKey,
      sealedSecret: { pepperId: 'pepper', mac: 'mac-of-new' },
      secretHint: 'csk_new0',
      grantType: 'PLATFORM',
      status: 'ENABLE',
      createdAt: NOON,
      expiresAt: null,
      lastUsedAt: null,
      lastUsedFrom: null,
      superseded: null,
      warnedOfExpiry: null,
    });
    expect(issueCredential(aKey('new'), 'PLATFORM', NOON, NOON + 1).expiresAt).toBe(NOON + 1);
  });

  test('shows its secret as the first 8 characters and *****, and keeps no more of it in clear', () => {
    const key = aKey('Secret');
    const credential = issueCredential(key, 'PLATFORM', NOON);
    expect(maskedSecret(credential)).toBe('csk_Secr*****');
    expect(JSON.stringify(credential)).not.toContain(key.secretKey.slice(0, 9));
  });

  test('is ENABLEd or DISABLEd and nothing else', () => {
    expect([parseCredentialStatus('ENABLE'), parseCredentialStatus('DISABLE')]).toEqual(['ENABLE', 'DISABLE']);
    for (const status of ['enable', 'ENABLED', 'DELETED', ''])
      expect(refusalOf(() => parseCredentialStatus(status))).toEqual(
        fieldRefusal('status', 'not_one_of', { allowed: 'ENABLE, DISABLE' }),
      );
  });
});

describe('the verdict on a credential whose secret matched', () => {
  interface Situation {
    status: CredentialStatus;
    expiresAt: number | null;
    locked: boolean;
    typeHeld: boolean;
    wanted: GrantType | null;
  }
  const held: GrantType = 'PLATFORM';

  const verdictIn = ({ status, expiresAt, locked, typeHeld, wanted }: Situation): 'accepted' | CredentialRefusal => {
    const account = { locked, grantTypes: typeHeld ? [held] : (['AUTHORIZATION_CODE'] as const) };
    const verdict = judgeCredential(account, { grantType: held, status, expiresAt }, NOON, wanted);
    return verdict.accepted ? 'accepted' : verdict.because;
  };

  const situations: readonly Situation[] = (['ENABLE', 'DISABLE'] as const).flatMap((status) =>
    [null, NOON - 1, NOON, NOON + 1].flatMap((expiresAt) =>
      [false, true].flatMap((locked) =>
        [true, false].flatMap((typeHeld) =>
          [null, held, 'AUTHORIZATION_CODE' as const].map((wanted) => ({
            status,
            expiresAt,
            locked,
            typeHeld,
            wanted,
          })),
        ),
      ),
    ),
  );

  /** Every reason there is not to accept, the one that is told first standing first. */
  const reasonsIn = ({ status, expiresAt, locked, typeHeld, wanted }: Situation): CredentialRefusal[] => {
    const reasons: [boolean, CredentialRefusal][] = [
      [status === 'DISABLE', 'disabled'],
      [expiresAt === NOON || expiresAt === NOON - 1, 'expired'],
      [!typeHeld, 'grant_type_gone'],
      [wanted === 'AUTHORIZATION_CODE', 'grant_type_differs'],
      [locked, 'account_locked'],
    ];
    return reasons.filter(([holds]) => holds).map(([, reason]) => reason);
  };

  test.each(situations)(
    'status $status, expiry $expiresAt, account locked $locked, type held $typeHeld, wanted for $wanted',
    (situation) => {
      expect(verdictIn(situation)).toBe(reasonsIn(situation)[0] ?? 'accepted');
    },
  );

  test('is yes in four of 96 situations: ENABLEd, not expired, unlocked, its type held and no other wanted', () => {
    expect(situations).toHaveLength(96);
    const good = { status: 'ENABLE', locked: false, typeHeld: true } as const;
    expect(situations.filter((situation) => verdictIn(situation) === 'accepted')).toEqual([
      { ...good, expiresAt: null, wanted: null },
      { ...good, expiresAt: null, wanted: held },
      { ...good, expiresAt: NOON + 1, wanted: null },
      { ...good, expiresAt: NOON + 1, wanted: held },
    ]);
  });

  test('tells of a lock only whoever holds an otherwise good key', () => {
    for (const situation of situations.filter(({ locked }) => locked)) {
      const unlocked = verdictIn({ ...situation, locked: false });
      expect(verdictIn(situation)).toBe(unlocked === 'accepted' ? 'account_locked' : unlocked);
    }
  });

  test('asks for no grant type unless one is wanted', () => {
    const account = { locked: false, grantTypes: ['AUTHORIZATION_CODE'] as const };
    const credential = { grantType: 'AUTHORIZATION_CODE', status: 'ENABLE', expiresAt: null } as const;
    expect(judgeCredential(account, credential, NOON)).toEqual({ accepted: true });
  });

  test('on an unknown key and on a wrong secret is one and the same', () => {
    expect(UNKNOWN_CREDENTIAL).toEqual({ accepted: false, because: 'unknown' });
  });
});
