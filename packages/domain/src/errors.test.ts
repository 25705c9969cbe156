import { describe, expect, test } from '@jest/globals';
import { aKey, anAccount, anAsked, aRequest, LATER } from '../test/builders.js';
import { addCredential, openAccount, parseAccountStatement, withdrawCredential } from './account.js';
import {
  ERROR_CATALOGUE,
  fieldInvalid,
  messageOf,
  PlatformError,
  renderText,
  type CatalogueEntry,
  type ErrorCode,
  type ErrorDetails,
} from './errors.js';
import { FIELD_RULES, type FieldRule } from './field-rules.js';
import { UNLIMITED, expiryUnder } from './expiry-policy.js';
import { parseTime } from './text-rules.js';
import { parsePassword } from './user.js';

const CODES = Object.keys(ERROR_CATALOGUE) as ErrorCode[];
const RULES = Object.keys(FIELD_RULES) as FieldRule[];
const LANGUAGES = ['en', 'zh'] as const;

const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').toSorted();

/** What each text with a gap needs to be whole. An entry that is not here has no gap. */
const GAPS: Readonly<Partial<Record<ErrorCode, readonly string[]>>> = {
  field_invalid: ['field', 'rule'],
  access_token_expired: ['expiredAt'],
  grant_type_absent: ['grantType'],
  too_many_credentials: ['most'],
  too_many_webhooks: ['most'],
};
const RULE_GAPS: Readonly<Partial<Record<FieldRule, readonly string[]>>> = {
  not_whole_number: ['max', 'min'],
  not_one_of: ['allowed'],
  too_short: ['min'],
  too_long: ['max'],
  too_late: ['latest'],
};

/** The one message that every error of this code has. */
const anError = (code: ErrorCode): PlatformError => {
  const gaps = GAPS[code] ?? [];
  if (code === 'field_invalid') return fieldInvalid('appId', 'required');
  return new PlatformError(code, Object.fromEntries(gaps.map((gap) => [gap, `<${gap}>`])));
};

describe.each(CODES)('the catalogue entry %s', (code) => {
  const entry: CatalogueEntry = ERROR_CATALOGUE[code];

  test('reads as words', () => {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
  });

  test.each(LANGUAGES)('has a text in %s with exactly the gaps its thrower fills', (language) => {
    expect(entry[language].trim()).toBe(entry[language]);
    expect(entry[language]).not.toBe('');
    expect(placeholders(entry[language])).toEqual(GAPS[code] ?? []);
    const message = messageOf(anError(code), language);
    expect(message).not.toMatch(/[{}]|undefined/);
    for (const gap of GAPS[code] ?? []) if (code !== 'field_invalid') expect(message).toContain(`<${gap}>`);
  });
});

describe.each(RULES)('the field rule %s', (rule) => {
  const values: ErrorDetails = Object.fromEntries((RULE_GAPS[rule] ?? []).map((gap) => [gap, `<${gap}>`]));

  test.each(LANGUAGES)('has a text in %s that follows the name of the field and leaves no gap', (language) => {
    const text: string = FIELD_RULES[rule][language];
    expect(placeholders(text)).toEqual(RULE_GAPS[rule] ?? []);
    const message = messageOf(fieldInvalid('theField', rule, values), language);
    expect(message).toMatch(/^theField \S.*\S$/);
    expect(message).not.toMatch(/[{}]|undefined/);
    for (const value of Object.values(values)) expect(message).toContain(String(value));
  });
});

test('every error that a rule of the domain throws fills its text in both languages', () => {
  const thrown = [
    () => parseAccountStatement({ appId: '', authorizationGrantTypes: [] }),
    () => parseAccountStatement({ appId: 'create', authorizationGrantTypes: [] }),
    () => aRequest({ authorizationGrantTypes: [] }),
    () => aRequest({ authorizationGrantTypes: ['X'] }),
    () => aRequest({ scope: ['X'] }),
    () => aRequest({ homepageUrl: 'x' }),
    () => aRequest({ redirectUri: 'x' }),
    () => aRequest({ avatarUrl: 'x:' }),
    () => aRequest({ description: 'x'.repeat(2000) }),
    () => aRequest({ description: '\0' }),
    () => parsePassword('x'),
    () => parseTime('expiresAt', 'tomorrow'),
    () => expiryUnder(UNLIMITED, LATER, LATER),
    () => expiryUnder({ ...UNLIMITED, longest: 1 }, LATER + 2, LATER),
    () => expiryUnder({ ...UNLIMITED, neverAllowed: false }, null, LATER),
    () => addCredential(anAccount(), anAsked('x', { mostLive: 1 })),
    () => addCredential(anAccount(), anAsked('x', { grantType: 'AUTHORIZATION_CODE' })),
    () => withdrawCredential(anAccount(), aKey('x').accessKey, LATER),
    () => withdrawCredential(anAccount(), aKey('firstPLATFORM').accessKey, LATER),
    () =>
      openAccount(aRequest({ authorizationGrantTypes: ['AUTHORIZATION_CODE'] }), {
        id: anAccount().id,
        owner: anAccount().owner,
        keys: { PLATFORM: aKey('p'), AUTHORIZATION_CODE: aKey('c') },
        expiresAt: null,
        now: LATER,
      }),
  ].map((verb) => {
    try {
      verb();
    } catch (error) {
      return error;
    }
    return null;
  });
  for (const error of thrown) {
    expect(error).toBeInstanceOf(PlatformError);
    for (const language of LANGUAGES) expect(messageOf(error as PlatformError, language)).not.toMatch(/[{}]/);
  }
});

describe('the texts', () => {
  test('are Chinese in Chinese, unless clients look for the exact text', () => {
    const exact = CODES.filter((code) => (ERROR_CATALOGUE[code].en as string) === ERROR_CATALOGUE[code].zh);
    expect(exact).toEqual(['field_invalid', 'access_token_empty', 'access_token_expired', 'access_token_illegal']);
    for (const { zh } of [...CODES.map((code) => ERROR_CATALOGUE[code]), ...Object.values(FIELD_RULES)])
      if (!exact.some((code) => ERROR_CATALOGUE[code].zh === zh)) expect(zh).toMatch(/\p{Script=Han}/u);
  });

  test('of the access token are the ones that clients look for, in any language', () => {
    for (const language of LANGUAGES) {
      expect(messageOf(new PlatformError('access_token_empty'), language)).toBe('Request accessToken is empty.');
      expect(messageOf(new PlatformError('access_token_expired', { expiredAt: 1630919127633 }), language)).toBe(
        'Verification failed : token过期错误: Access token expired in: 1630919127633',
      );
      expect(messageOf(new PlatformError('access_token_illegal'), language)).toBe(
        'Verification failed : token参数非法错误: Access token illegal',
      );
    }
  });

  test('of a wrong field name the field and its rule', () => {
    expect(messageOf(fieldInvalid('description', 'too_long', { max: 1024 }), 'en')).toBe(
      'description must have at most 1024 characters.',
    );
    expect(messageOf(fieldInvalid('scope', 'not_one_of', { allowed: 'A, B' }), 'zh')).toBe(
      'scope 必须是以下之一：A, B。',
    );
  });

  test('take values literally, be they patterns or look like gaps', () => {
    expect(messageOf(new PlatformError('grant_type_absent', { grantType: "$& $' {grantType}" }), 'en')).toBe(
      "The account does not have the grant type $& $' {grantType}.",
    );
    expect(messageOf(fieldInvalid('{rule}', 'required'), 'en')).toBe('{rule} is required.');
  });

  test('of an edge’s own catalogue are filled in the same way', () => {
    const entry: CatalogueEntry = { kind: 'invalid', number: 1, en: '{field} {rule}', zh: '{field}：{rule}' };
    expect(renderText(entry, { field: 'limit', rule: 'not_whole_number', min: 1, max: 1000 }, 'zh')).toBe(
      'limit：必须是 1 到 1000 的整数。',
    );
  });
});

/** The numbers that clients of the original bkrepo account API switch on, and the kind that makes the status. */
const NUMBERS: Readonly<Record<number, readonly [CatalogueEntry['kind'], ...ErrorCode[]]>> = {
  250102: ['fault', 'fault'],
  250105: ['invalid', 'field_invalid'],
  250106: ['invalid', 'request_malformed', 'authentications_conflict', 'user_headers_conflict'],
  250113: ['forbidden', 'not_allowed', 'password_differs', 'user_differs'],
  250114: [
    'unauthenticated',
    'caller_unknown',
    'user_header_missing',
    'access_token_empty',
    'access_token_expired',
    'access_token_illegal',
  ],
  250128: ['unavailable', 'database_unavailable'],
  250129: ['limited', 'too_many_requests'],
  250133: ['conflict', 'write_was_stale'],
  250211: ['conflict', 'user_exists'],
  250212: ['conflict', 'account_exists'],
  250213: ['missing', 'account_missing'],
  250232: ['conflict', 'credential_is_last'],
  250234: ['impossible', 'grant_type_absent'],
  250235: ['conflict', 'admin_is_last'],
  250236: ['forbidden', 'user_not_allowed'],
  250237: ['forbidden', 'account_not_allowed'],
  250238: ['conflict', 'rotation_in_progress'],
  250239: ['conflict', 'too_many_credentials'],
  250240: ['impossible', 'credential_not_live'],
  250241: ['conflict', 'too_many_webhooks'],
  250242: ['conflict', 'question_changed'],
  250250: ['locked', 'account_locked', 'user_locked'],
  250251: ['missing', 'credential_missing'],
  250252: ['missing', 'authorization_missing'],
  250253: ['missing', 'token_missing'],
  250254: ['missing', 'user_missing'],
  250255: ['missing', 'session_missing'],
  250256: ['missing', 'rotation_missing'],
  250257: ['missing', 'webhook_missing'],
  250258: ['missing', 'delivery_missing'],
};

test.each(Object.entries(NUMBERS))('number %s always means the same', (number, [kind, ...codes]) => {
  const entries = CODES.filter((code) => ERROR_CATALOGUE[code].number === Number(number));
  expect(new Set(entries)).toEqual(new Set(codes));
  for (const code of entries) expect(ERROR_CATALOGUE[code].kind).toBe(kind);
});

test('no error has a number that is not in that list', () => {
  expect(CODES.filter((code) => !(ERROR_CATALOGUE[code].number in NUMBERS))).toEqual([]);
});

describe('a PlatformError', () => {
  test('is told from our bugs by its class, and carries its code, its kind and its details', () => {
    const error = new PlatformError('credential_is_last');
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'PlatformError', code: 'credential_is_last', kind: 'conflict', details: {} });
  });

  test('has no more than its code as a message: what is logged by chance holds no detail', () => {
    expect(new PlatformError('grant_type_absent', { grantType: 'X' }).message).toBe('grant_type_absent');
  });
});
