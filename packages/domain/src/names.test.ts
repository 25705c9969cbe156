import { describe, expect, test } from '@jest/globals';
import { fieldRefusal, refusalOf } from '../test/refusal.js';
import { appIdKey, parseAppId, parseUserId, RESERVED_APP_IDS } from './names.js';

describe('an appId', () => {
  test.each(['a', '0', 'bkdevops', 'A.b_c-d', '1.2.3', 'a..', 'x'.repeat(64), 'creates', 'list2', 'rotations'])(
    'may be %j and stays as it was written',
    (text) => {
      expect(parseAppId(text)).toBe(text);
    },
  );

  test.each([
    ['nothing', ''],
    ['65 characters', 'x'.repeat(65)],
    ['a dot first', '.a'],
    ['a hyphen first', '-a'],
    ['an underscore first', '_a'],
    ['the folder above', '..'],
    ['a blank', 'a b'],
    ['a slash', 'a/b'],
    ['an escaped slash', 'a%2Fb'],
    ['a backslash', 'a\\b'],
    ['a semicolon', 'a;b'],
    ['an at sign', 'a@b'],
    ['a trailing line break', 'abc\n'],
    ['NUL', 'a\0b'],
    ['a letter beyond ASCII', 'zürich'],
    ['Chinese', '账号'],
    ['a full-width digit', '１'],
    ['a letter that lower-cases into ASCII', '\u212Aelvin'],
  ])('is refused with %s', (_, text) => {
    expect(refusalOf(() => parseAppId(text))).toEqual(fieldRefusal('appId', 'not_app_id'));
  });

  test('is none of the words that are path segments of the account API, in no letter case', () => {
    expect([...RESERVED_APP_IDS].toSorted()).toEqual(
      ['authorized', 'check', 'create', 'credential', 'delete', 'detail', 'list', 'own', 'rotate', 'rotation'].concat([
        'uninstall',
        'update',
      ]),
    );
    for (const word of RESERVED_APP_IDS)
      for (const spelling of [word, word.toUpperCase(), word.charAt(0).toUpperCase() + word.slice(1)])
        expect(refusalOf(() => parseAppId(spelling))).toEqual(fieldRefusal('appId', 'reserved'));
  });

  test('is unique without regard to case', () => {
    expect(appIdKey(parseAppId('BkDevOps'))).toBe(appIdKey(parseAppId('bkdevops')));
    expect(appIdKey(parseAppId('bk-devops'))).not.toBe(appIdKey(parseAppId('bk_devops')));
  });
});

describe('a userId', () => {
  test.each(['a', '7', '_', 'Olga.Maier@example-host', '@', 'x'.repeat(64)])('may be %j', (text) => {
    expect(parseUserId(text)).toBe(text);
  });

  test.each(['', 'x'.repeat(65), 'a b', 'a/b', 'a\\b', 'a%b', 'a:b', 'a\nb', 'a\n', 'a\0', 'ä', '管理员', 'a,b'])(
    'is refused when it is %j',
    (text) => {
      expect(refusalOf(() => parseUserId(text))).toEqual(fieldRefusal('userId', 'not_user_id'));
    },
  );

  test('that is refused is named by the field or header that carried it', () => {
    expect(refusalOf(() => parseUserId('', 'X-BKREPO-UID'))).toEqual(fieldRefusal('X-BKREPO-UID', 'not_user_id'));
  });
});
