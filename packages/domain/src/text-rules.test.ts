import { describe, expect, test } from '@jest/globals';
import { fieldRefusal, refusalOf } from '../test/refusal.js';
import {
  MAX_DESCRIPTION_LENGTH,
  MAX_URL_LENGTH,
  parsePictureAddress,
  parseRedirectUri,
  parseText,
  parseTime,
  parseWebAddress,
} from './text-rules.js';

type Field = 'homepageUrl' | 'redirectUri' | 'avatarUrl';

const PARSERS: Readonly<Record<Field, (text: string) => string>> = {
  homepageUrl: (text) => parseWebAddress('homepageUrl', text),
  redirectUri: parseRedirectUri,
  avatarUrl: parsePictureAddress,
};
const FIELDS = Object.keys(PARSERS) as Field[];

/** The fields that take the text, each checked to hand it back as it was sent. */
function takenBy(text: string): Field[] {
  return FIELDS.filter((field) => {
    let returned: string | undefined;
    const refusal = refusalOf(() => (returned = PARSERS[field](text)));
    if (!refusal) expect(returned).toBe(text);
    return !refusal;
  });
}

const longUrl = (length: number): string => 'https://a.example/'.padEnd(length, 'x');

describe('an address', () => {
  test.each([
    'http://localhost',
    'http://localhost/redirect',
    'https://a.example',
    'https://a.example/',
    'https://a.example:8443/p/q?x=1&y=%20',
    'https://a.example?x',
    'HTTPS://A.Example/Path',
    'http://127.0.0.1:80/',
    'http://[::1]:7300/back',
    'https://例え.jp/ä?ö=ü',
    'https://xn--r8jz45g.jp/',
    'https://a.example/who@where',
    'https://a.example/?to=//b.example',
    longUrl(MAX_URL_LENGTH),
  ])('%j is taken by every field and kept as it was sent', (text) => {
    expect(takenBy(text)).toEqual(FIELDS);
  });

  test.each([
    ['a script', 'javascript:alert(1)'],
    ['a script in other letters', 'JaVaScRiPt:alert(1)'],
    ['a script behind a comment that looks like an address', 'javascript://a.example/%0Aalert(1)'],
    ['a script behind a blank', ' javascript:alert(1)'],
    ['a script behind a control character', '\u0001javascript:alert(1)'],
    ['a script behind a byte-order mark', '\uFEFFjavascript:alert(1)'],
    ['a script with a tab inside', 'java\tscript:alert(1)'],
    ['a script with a line break inside', 'java\nscript:alert(1)'],
    ['a script with a carriage return before the colon', 'javascript\r:alert(1)'],
    ['a VBScript', 'vbscript:msgbox(1)'],
    ['a VBScript with a tab inside', 'vb\tscript:msgbox(1)'],
    ['data', 'data:text/html,<script>alert(1)</script>'],
    ['data in other letters with a blank before', '\t DATA:text/html;base64,PHN2Zz4='],
    ['a blob', 'blob:https://a.example/1'],
    ['a file', 'file:///etc/passwd'],
    ['FTP', 'ftp://a.example/'],
    ['WebSocket', 'wss://a.example/'],
    ['mail', 'mailto:a@a.example'],
    ['the source of a page', 'view-source:https://a.example/'],
    ['a scheme of an app', 'com.example.app:/back'],
    ['http without slashes', 'http:a.example'],
    ['http with one slash', 'http:/a.example'],
    ['http with three slashes', 'http:///a.example'],
    ['http with four slashes', 'https:////a.example'],
    ['http and nothing', 'http://'],
    ['no host before the port', 'http://:80/'],
    ['no host before the query', 'http://?a.example'],
    ['no host before the fragment', 'http://#a.example'],
    ['a user name', 'https://user@a.example/'],
    ['a user name and a password', 'https://user:secret@a.example/'],
    ['an empty user name', 'https://@a.example/'],
    ['an empty user name and password', 'https://:@a.example/'],
    ['a host that is really a user name', 'https://a.example:443@b.example/'],
    ['an escaped slash in the user name', 'https://a.example%2F@b.example/'],
    ['a full-width at sign', 'https://a.example＠b.example/'],
    ['a full-width slash in the host', 'https://a.example／.b.example/'],
    ['an escaped at sign in the host', 'https://a.example%40b.example/'],
    ['a backslash in the place of slashes', 'http:\\\\a.example\\'],
    ['a backslash behind the host', 'https://a.example\\@b.example/'],
    ['a backslash in the path', 'https://a.example/a\\b'],
    ['two backslashes and a host', '\\\\a.example/x'],
    ['a slash, a backslash and a host', '/\\a.example/x'],
    ['a tab in the host', 'https://a.exa\tmple/'],
    ['a line break behind', 'https://a.example/\n'],
    ['a header behind a line break', 'https://a.example/\r\nSet-Cookie: a=b'],
    ['a blank before', ' https://a.example/'],
    ['a blank in the path', 'https://a.example/a b'],
    ['a no-break space in the path', 'https://a.example/a\u00A0b'],
    ['a line separator in the path', 'https://a.example/a\u2028b'],
    ['a control character of Latin-1', 'https://a.example/\u0085'],
    ['delete', 'https://a.example/\u007F'],
    ['NUL', 'https://a.example/\0'],
    ['NUL before the scheme', '\0https://a.example/'],
    ['half of an emoji', 'https://a.example/\uD83D'],
    ['the other half of an emoji', 'https://a.example/\uDE00x'],
    ['the halves of an emoji in the wrong order', 'https://a.example/\uDE00\uD83D'],
    ['a host that ends in an open bracket', 'http://[::1'],
    ['an IPv6 zone', 'http://[fe80::1%25eth0]/'],
    ['an impossible IPv4 address', 'http://256.1.1.1/'],
    ['an impossible port', 'http://a.example:65536/'],
    ['a port of letters', 'http://a.example:http/'],
    ['a tag in the host', 'http://<script>/'],
    ['a quote with a slash before the host', 'http:/"/a.example'],
    ['one character too many', longUrl(MAX_URL_LENGTH + 1)],
  ])('with %s is taken by no field', (_, text) => {
    expect(takenBy(text)).toEqual([]);
  });

  test('may have a fragment, unless users are redirected to it (RFC 6749, 3.1.2)', () => {
    expect(takenBy('https://a.example/app#/home')).toEqual(['homepageUrl', 'avatarUrl']);
    expect(takenBy('https://a.example/#')).toEqual(['homepageUrl', 'avatarUrl']);
    expect(takenBy('https://a.example/?x#y')).toEqual(['homepageUrl', 'avatarUrl']);
  });

  test.each([
    'string',
    'a.png',
    '/a.png',
    './a.png',
    '../a.png',
    '?size=64',
    '#icon',
    'a/b:c.png',
    '1:1.png',
    'who@where.png',
    '//cdn.example/a.png',
    '//cdn.example:8443/a.png',
    '图标.png',
  ])('%j is relative: only a picture may lie there', (text) => {
    expect(takenBy(text)).toEqual(['avatarUrl']);
  });

  test.each([
    ['a protocol-relative address with a user name', '//user@cdn.example/a.png'],
    ['a protocol-relative address without host', '//'],
    ['a protocol-relative address with further slashes', '////cdn.example/a.png'],
    ['a protocol-relative address with an impossible port', '//cdn.example:99999/a.png'],
    ['a word that a browser takes for a scheme', 'x:y'],
    ['a blank', 'a b.png'],
  ])('that is %s is no picture', (_, text) => {
    expect(takenBy(text)).toEqual([]);
  });

  test('that is refused is never repeated in the refusal', () => {
    for (const [field, rule] of [
      ['homepageUrl', 'not_web_address'],
      ['redirectUri', 'not_redirect_uri'],
      ['avatarUrl', 'not_picture_address'],
    ] as const)
      expect(refusalOf(() => PARSERS[field]('javascript:alert(document.domain)'))).toEqual(fieldRefusal(field, rule));
  });

  test('that is too long is told how long it may be', () => {
    for (const field of FIELDS)
      expect(refusalOf(() => PARSERS[field](longUrl(MAX_URL_LENGTH + 1)))).toEqual(
        fieldRefusal(field, 'too_long', { max: 2048 }),
      );
  });
});

describe('a free text', () => {
  const parse = (text: string): string => parseText('description', text, MAX_DESCRIPTION_LENGTH);

  test.each([
    '',
    ' two  blanks ',
    'line\nbreak\ttab',
    '描述',
    '👩‍👩‍👧‍👦',
    '<b>&amp;',
    "'; drop table",
    '\u202Eright to left',
  ])('%j is kept as it was sent', (text) => {
    expect(parse(text)).toBe(text);
  });

  test('has at most 1024 characters, an emoji being one', () => {
    expect(parse('x'.repeat(1024))).toHaveLength(1024);
    expect(parse('😀'.repeat(1024))).toHaveLength(2048);
    const refusal = fieldRefusal('description', 'too_long', { max: 1024 });
    expect(refusalOf(() => parse('x'.repeat(1025)))).toEqual(refusal);
    expect(refusalOf(() => parse('😀'.repeat(1025)))).toEqual(refusal);
  });

  test.each(['\0', 'a\0b', '\uD800', 'a\uDFFF', '\uDE00\uD83D', '😀\uD83D'])('%j is refused', (text) => {
    expect(refusalOf(() => parse(text))).toEqual(fieldRefusal('description', 'not_plain_text'));
  });
});

describe('a time', () => {
  test.each([
    ['2030-01-31T00:00:00Z', Date.UTC(2030, 0, 31)],
    ['2030-01-31T00:00Z', Date.UTC(2030, 0, 31)],
    ['2030-01-31T00:00:00.5Z', Date.UTC(2030, 0, 31) + 500],
    ['2030-01-31T02:30:00+02:30', Date.UTC(2030, 0, 31)],
    ['2028-02-29T23:59:59.999-12:00', Date.UTC(2028, 2, 1, 11, 59, 59, 999)],
  ])('is ISO 8601 with its offset: %s', (text, time) => {
    expect(parseTime('expiresAt', text)).toBe(time);
  });

  test.each([
    '',
    'tomorrow',
    '2030-01-31',
    '2030-01-31T00:00:00',
    '2030-01-31 00:00:00Z',
    '1893456000000',
    '2030-02-31T00:00:00Z',
    '2030-02-29T00:00:00Z',
    '2030-13-01T00:00:00Z',
    '2030-01-31T25:00:00Z',
    '2030-01-31T00:00:00+99:00',
    '+012030-01-31T00:00:00Z',
    '2030-01-31T00:00:00Z\n',
  ])('is refused when it is none, lacks its offset or is no day: %j', (text) => {
    expect(refusalOf(() => parseTime('expiresAt', text))).toEqual(fieldRefusal('expiresAt', 'not_time'));
  });
});
