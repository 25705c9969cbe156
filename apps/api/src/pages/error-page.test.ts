import { describe, expect, test } from '@jest/globals';
import { ERROR_PAGE_HEADERS, errorPage } from './error-page.js';

const page = errorPage('https://id.example/claviger');
const shown = (error: string, headers: Parameters<typeof page>[0] = {}) => page(headers, error);

describe('the page of errors', () => {
  test("says the protocol's word, and what to do", () => {
    const text = shown('invalid_request');
    expect(text).toContain('<code>invalid_request</code>');
    expect(text).toContain('Go back to the application and start again.');
    expect(text).not.toContain('{{');
  });

  test.each(['<script>', 'invalid request', 'x"y', '', 'https://elsewhere.example', 'a'.repeat(65), '$&', '{{word}}'])(
    'says nothing that is no such word: %j',
    (error) => {
      expect(shown(error)).toBe(shown('server_error'));
    },
  );

  test('speaks what was chosen before, and otherwise what the reader prefers', () => {
    const languageOf = (headers: Parameters<typeof page>[0]) =>
      /<html lang="([^"]+)"/.exec(shown('invalid_request', headers))?.[1];
    const preferred = { 'accept-language': 'zh-CN' };
    expect(languageOf({})).toBe('en');
    expect(languageOf(preferred)).toBe('zh-Hans');
    expect(languageOf({ ...preferred, cookie: 'a=b; claviger_language=en' })).toBe('en');
  });

  test('finds its style and mark wherever it stands, and leads nowhere', () => {
    const links = [...shown('invalid_request').matchAll(/(?:href|src|action)="([^"]*)"/g)].map(([, to]) => to);
    expect(new Set(links)).toEqual(new Set(['/claviger/pages/mark.svg', '/claviger/pages/pages.css']));
    expect(errorPage('http://127.0.0.1:7300')({}, 'x')).toContain('href="/pages/pages.css"');
    expect(shown('invalid_request')).not.toMatch(/<(a|script|form|style)\b|\sstyle=/);
  });

  test('runs nothing, asks nothing and stands in no frame', () => {
    expect(ERROR_PAGE_HEADERS).toMatchObject({
      'content-security-policy':
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'x-frame-options': 'DENY',
    });
  });
});
