import { crc32 } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  ACCESS_KEY_BODY_LENGTH,
  accessKeyFrom,
  accessTokenFrom,
  BASE62,
  checkCharacters,
  parseAccessKey,
  parseAccessToken,
  parseSecretKey,
  SECRET_BODY_LENGTH,
  secretKeyFrom,
} from './key-format.js';

interface Format {
  readonly bodyLength: number;
  readonly from: (body: string) => string;
  readonly parse: (text: string) => string | null;
}

const FORMATS: Readonly<Record<string, Format>> = {
  cak_: { bodyLength: 24, from: accessKeyFrom, parse: parseAccessKey },
  csk_: { bodyLength: 43, from: secretKeyFrom, parse: parseSecretKey },
  cat_: { bodyLength: 43, from: accessTokenFrom, parse: parseAccessToken },
};

/** Reads base62 back into a number, by the alphabet as the contract spells it. */
function numberOf(digits: string): number {
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  return [...digits].reduce((sum, digit) => sum * 62 + alphabet.indexOf(digit), 0);
}

const bodies = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...BASE62.split('')), minLength: length, maxLength: length });

/** What copying, pasting and encoding put into a text, and letters that look like others or turn into them. */
const STRANGE = [
  ' ',
  '\t',
  '\n',
  '\r\n',
  '\0',
  '=',
  '-',
  '_',
  '%00',
  '"',
  'ä',
  'А',
  '０',
  '\u017F',
  '\u212A',
  '\u200B',
  '😀',
  '\uD800',
];

const runs = { numRuns: 50 };

describe('the check characters', () => {
  test('are CRC-32 (IEEE) in base62: the check value of the standard', () => {
    // 0xCBF43926, the published CRC-32 of these nine digits, is 3421780262.
    expect(checkCharacters('123456789')).toBe('3jZRME');
    expect(numberOf('3jZRME')).toBe(0xcbf43926);
  });

  test('are six, padded on the left with 0', () => {
    expect(checkCharacters('')).toBe('000000');
    expect(checkCharacters('cak_0000000000000000000000jJ')).toBe('000jDV');
    expect(numberOf('000jDV')).toBe(crc32('cak_0000000000000000000000jJ'));
    expect(parseAccessKey('cak_0000000000000000000000jJ000jDV')).toBe('cak_0000000000000000000000jJ000jDV');
    expect(parseAccessKey('cak_0000000000000000000000jJjDV')).toBeNull();
  });

  test('are what the CRC-32 of zlib says, for any ASCII text', () => {
    const ascii = fc.string({ unit: 'grapheme-ascii', maxLength: 80 });
    fc.assert(
      fc.property(ascii, (text) => {
        const check = checkCharacters(text);
        expect(check).toMatch(/^[0-9A-Za-z]{6}$/);
        expect(numberOf(check)).toBe(crc32(text));
      }),
      runs,
    );
  });
});

test('an access key has 24 random characters, a secret key and an access token 43', () => {
  expect([ACCESS_KEY_BODY_LENGTH, SECRET_BODY_LENGTH]).toEqual([24, 43]);
  expect(accessKeyFrom('A'.repeat(24))).toMatch(/^cak_A{24}[0-9A-Za-z]{6}$/);
  expect(secretKeyFrom('z'.repeat(43))).toMatch(/^csk_z{43}[0-9A-Za-z]{6}$/);
  expect(accessTokenFrom('0'.repeat(43))).toMatch(/^cat_0{43}[0-9A-Za-z]{6}$/);
});

describe.each(Object.entries(FORMATS))('a key that begins with %s', (prefix, { bodyLength, from, parse }) => {
  const keys = bodies(bodyLength).map(from);
  const holds = <T>(arbitrary: fc.Arbitrary<T>, property: (value: T) => void): void =>
    fc.assert(fc.property(arbitrary, property), runs);

  test('is recognised as it was made', () => {
    holds(bodies(bodyLength), (body) => {
      const key = from(body);
      expect(key).toBe(prefix + body + key.slice(-6));
      expect(key).toHaveLength(prefix.length + bodyLength + 6);
      expect(parse(key)).toBe(key);
    });
  });

  test('is refused when any one of its characters is another one', () => {
    const anyCharacter = fc.oneof(fc.constantFrom(...BASE62.split('')), fc.constantFrom(...STRANGE));
    holds(fc.tuple(keys, fc.nat(), anyCharacter), ([key, at, character]) => {
      const index = at % key.length;
      fc.pre(key[index] !== character);
      expect(parse(key.slice(0, index) + character + key.slice(index + 1))).toBeNull();
    });
  });

  test('is refused at every place of one key, for each of the 61 other characters', () => {
    const key = from(BASE62.slice(0, bodyLength));
    const changed = [...key].flatMap((letter, index) =>
      [...BASE62.replace(letter, '')].map((other) => key.slice(0, index) + other + key.slice(index + 1)),
    );
    expect(new Set(changed).size).toBe(key.length * 61 + 1);
    expect(changed.filter((text) => parse(text) !== null)).toEqual([]);
  });

  test('is refused when any one of its letters changes case, or all of them do', () => {
    holds(fc.tuple(keys, fc.nat()), ([key, at]) => {
      const letters = [...key.matchAll(/[A-Za-z]/g)].map((match) => match.index);
      const index = letters[at % letters.length] ?? 0;
      const letter = key.charAt(index);
      const turned = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
      expect(parse(key.slice(0, index) + turned + key.slice(index + 1))).toBeNull();
      expect(parse(key.toUpperCase())).toBeNull();
    });
  });

  test('is refused when it is cut off at either end, or anywhere inside', () => {
    holds(fc.tuple(keys, fc.nat(), fc.integer({ min: 1, max: 60 })), ([key, at, length]) => {
      const index = at % key.length;
      expect(parse(key.slice(0, index) + key.slice(index + length))).toBeNull();
    });
  });

  test('is refused when anything is put before, behind or into it', () => {
    const more = fc.oneof(
      fc.string({ unit: fc.constantFrom(...BASE62.split('')), minLength: 1, maxLength: 8 }),
      fc.constantFrom(...STRANGE),
    );
    holds(fc.tuple(keys, fc.nat(), more), ([key, at, text]) => {
      const index = at % (key.length + 1);
      expect(parse(key.slice(0, index) + text + key.slice(index))).toBeNull();
      expect(parse(text + key)).toBeNull();
      expect(parse(key + text)).toBeNull();
    });
  });

  test('is refused when two neighbours in its body change places', () => {
    holds(fc.tuple(bodies(bodyLength), fc.nat(bodyLength - 2)), ([body, index]) => {
      fc.pre(body[index] !== body[index + 1]);
      const swapped = `${body.slice(0, index)}${body.charAt(index + 1)}${body.charAt(index)}${body.slice(index + 2)}`;
      expect(parse(prefix + swapped + from(body).slice(-6))).toBeNull();
    });
  });

  test('is no key of another kind, not even with its prefix', () => {
    holds(keys, (key) => {
      for (const [otherPrefix, other] of Object.entries(FORMATS)) {
        if (otherPrefix === prefix) continue;
        expect(other.parse(key)).toBeNull();
        expect(other.parse(otherPrefix + key.slice(prefix.length))).toBeNull();
      }
    });
  });

  test('is refused in a wrong form though its check characters are right', () => {
    const checked = (text: string): string => text + checkCharacters(text);
    const body = 'x'.repeat(bodyLength);
    const wrong = [
      prefix + body.slice(1),
      `${prefix}${body}x`,
      prefix.toUpperCase() + body,
      `x${prefix}${body}`,
      `${prefix}${body.slice(1)}-`,
      `${prefix}${body.slice(1)}ä`,
      prefix.replace('_', '-') + body,
      body,
    ];
    expect(parse(checked(prefix + body))).not.toBeNull();
    expect(wrong.filter((text) => parse(checked(text)) !== null)).toEqual([]);
  });

  test.each(['', prefix, 'constructor', 'Basic abc', 'x'.repeat(1e6)])('is not some other text', (text) => {
    expect(parse(text)).toBeNull();
  });
});
