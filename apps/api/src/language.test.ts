import { describe, expect, test } from '@jest/globals';
import { languageOf } from './language.js';

describe('the language of an answer', () => {
  test.each([
    [undefined, 'en'],
    ['', 'en'],
    ['zh', 'zh'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
    ['zh-Hans-CN', 'zh'],
    ['en-GB, zh;q=0.5', 'en'],
    ['en;q=0.3, zh;q=0.7', 'zh'],
    ['fr, zh;q=0.1', 'zh'],
    ['fr', 'en'],
    ['*', 'en'],
    ['zh;q=0', 'en'],
    [';;;,,,=', 'en'],
  ])('is, for Accept-Language %s, %s', (header, language) => {
    expect(languageOf({ 'accept-language': header })).toBe(language);
  });
});
