import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { apiOverMemory, type ApiOverMemory } from '../../test/api-over-memory.js';

let api: ApiOverMemory;
beforeAll(async () => {
  api = await apiOverMemory();
});
afterAll(() => api.app.close());

const LOGGED_IN = { cookie: 'other=1; claviger_session=anything' };
const PAGES = ['/login', '/tokens', '/apps', '/password', '/consent'] as const;

/** Of one page they come from elsewhere too: the avatar of the application that asks. */
const PICTURES: Readonly<Record<string, string>> = { '/consent': "'self' https:" };

const get = (url: string, headers: Record<string, string> = {}) =>
  api.call('GET', url, { headers: { ...LOGGED_IN, ...headers } });

const languageOf = (html: string) => /<html lang="([^"]+)"/.exec(html)?.[1];

describe('the way in', () => {
  test.each([
    ['/', {}, 'login'],
    ['/', LOGGED_IN, 'tokens'],
    ['/tokens', {}, 'login?next=tokens'],
    ['/tokens', { cookie: 'not_claviger_session=1' }, 'login?next=tokens'],
    ['/apps', {}, 'login?next=apps'],
    ['/password', {}, 'login?next=password'],
    ['/consent', {}, 'login?next=consent'],
  ])('leads from %s with %j to %s', async (url, headers, target) => {
    const { status, headers: answered } = await api.call('GET', url, { headers });
    expect({ status, location: answered['location'] }).toEqual({ status: 302, location: target });
  });

  test('knows the cookie of https by its own name', async () => {
    const secure = await apiOverMemory({ 'http.publicUrl': 'https://claviger.example' });
    const locationFor = async (cookie: string) =>
      (await secure.call('GET', '/', { headers: { cookie } })).headers['location'];
    expect(await locationFor('__Host-claviger_session=anything')).toBe('tokens');
    expect(await locationFor('claviger_session=anything')).toBe('login');
    await secure.app.close();
  });
});

describe.each(PAGES)('the page %s', (url) => {
  test('loads nothing from elsewhere, runs nothing inline and stands in no frame', async () => {
    const { status, headers, text } = await get(url);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        `default-src 'none'; script-src 'self'; style-src 'self'; img-src ${PICTURES[url] ?? "'self'"}; connect-src 'self'; ` +
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    expect(text).not.toMatch(/https?:|<style|\sstyle=|<script>|\son\w+=/);
  });

  test.each([
    ['what the reader prefers', {}, 'zh-CN,zh;q=0.9,en;q=0.8', '', 'zh-Hans'],
    ['English for whoever prefers neither', {}, 'fr', '', 'en'],
    ['what was chosen before', { cookie: 'claviger_language=zh' }, 'en', '', 'zh-Hans'],
    ['what is chosen now', { cookie: 'claviger_language=zh' }, 'zh', '?lang=en', 'en'],
    ['nothing else for a language that is not there', {}, 'zh', '?lang=tlh', 'zh-Hans'],
    ['nothing else for two at once', {}, 'en', '?lang=zh&lang=en', 'en'],
    ['nothing else for a cookie that makes no sense', { cookie: 'claviger_language=<b>' }, 'en', '', 'en'],
  ])('speaks %s', async (_, { cookie = '' }: { cookie?: string }, preferred, query, language) => {
    const headers = { 'accept-language': preferred, cookie: `${LOGGED_IN.cookie}; ${cookie}` };
    expect(languageOf((await get(`${url}${query}`, headers)).text)).toBe(language);
  });

  test('keeps a language that was chosen, and only then', async () => {
    expect((await get(`${url}?lang=zh`)).headers['set-cookie']).toMatch(
      /^claviger_language=zh; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/,
    );
    expect((await get(url)).headers['set-cookie']).toBeUndefined();
  });

  test.each(['en', 'zh'])('is complete in %s', async (language) => {
    const { text } = await get(`${url}?lang=${language}`);
    expect(text).not.toMatch(/\{\{|\}\}/);
    const shown = text.replaceAll(/<[^>]*>/g, ' ');
    if (language === 'zh') expect(shown).not.toMatch(/\b(the|your|token|password)\b/i);
    else expect(shown.replace('中文', '')).not.toMatch(/\p{Script=Han}/u);
  });

  test('finds every file, element and text that it asks for', async () => {
    const { text } = await get(url);
    const files = new Set([...text.matchAll(/(?:src|href)="(pages\/[^"]+)"/g)].map(([, file = '']) => file));
    // A script's imports stand beside it; the set grows while it is walked.
    for (const file of files) {
      const { status, text: content } = await get(`/${file}`);
      expect({ file, status }).toEqual({ file, status: 200 });
      if (!file.endsWith('.js')) continue;
      for (const [, imported] of content.matchAll(/from '\.\/([\w.-]+)'/g)) files.add(`pages/${imported}`);
      for (const [, id] of content.matchAll(/\belement\('([\w-]+)'/g)) expect(text).toContain(`id="${id}"`);
      for (const [, name = ''] of content.matchAll(/\btext\('(\w+)'/g))
        expect(text).toContain(`data-${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}="`);
    }
    expect(files.size).toBeGreaterThan(4);
  });

  test('is answered to HEAD and to nothing else', async () => {
    expect((await api.call('HEAD', url, { headers: LOGGED_IN })).status).toBe(200);
    const { status, headers, body } = await api.call('POST', url);
    expect({ status, allow: headers['allow'], code: body.code }).toEqual({
      status: 405,
      allow: 'GET, HEAD',
      code: 250112,
    });
  });
});

describe('the files of the pages', () => {
  test('are sent again only when they have changed', async () => {
    const first = await get('/pages/pages.css');
    expect(first.headers).toMatchObject({ 'content-type': 'text/css; charset=utf-8', 'cache-control': 'no-cache' });
    const etag = String(first.headers['etag']);
    expect(await get('/pages/pages.css', { 'if-none-match': etag })).toMatchObject({ status: 304, text: '' });
    expect((await get('/pages/pages.css', { 'if-none-match': '"older"' })).status).toBe(200);
    expect((await get('/pages/login.js')).headers['etag']).not.toBe(etag);
  });

  test.each(['/pages/', '/pages/login.html', '/pages/tsconfig.json', '/pages/../serve-pages.ts', '/pages/%2e%2e/x'])(
    'are these and no others: %s',
    async (url) => {
      const { status, body } = await get(url);
      expect({ status, code: body.code }).toEqual({ status: 404, code: 250130 });
    },
  );
});
