import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { accessibility } from './accessibility.js';
import { inBrowser } from './in-browser.js';
import { ownPassword } from './own-password.js';

const PASSWORD = 'correct horse battery';
const EMPTY_PAGE = '<!doctype html><link rel="icon" href="data:," />';
/** Chromium tells of every answer that is none. */
const REFUSED = /status of 401/;

// The tests of other pages stand on the same stage: to set it takes long.
inBrowser('whoever comes', (stage) => {
  describe('the login page', () => {
    beforeAll(async () => {
      for (const userId of ['alice', 'mallory'])
        await stage.asAdmin('POST', '/auth/api/user/create', { userId, password: PASSWORD });
      await stage.asAdmin('PUT', '/auth/api/user/update', { userId: 'mallory', locked: true });
    });

    const refusal = (page: Page) => page.getByRole('alert');
    const focused = (page: Page) => page.evaluate(() => document.activeElement?.id);

    test('leads to the tokens, with a session that scripts cannot read', async () => {
      const { page, context, logIn } = await stage.visit();
      await logIn('alice', PASSWORD);
      expect(await page.title()).toBe('Access tokens · Claviger');
      expect(await page.textContent('#user')).toBe('alice');
      const cookies = await context.cookies();
      expect(cookies).toMatchObject([{ name: 'claviger_session', httpOnly: true, sameSite: 'Lax', path: '/' }]);
      expect(await page.evaluate(() => document.cookie)).toBe('');
    });

    test('is where the first start sends whoever made it, with what it printed', async () => {
      const { stderr } = stage.api.printed;
      const printed = (pattern: RegExp) => pattern.exec(stderr)?.[1] ?? '';
      const { page } = await stage.visit();
      await page.goto(printed(/^ {2}(http\S+)$/m));
      await page.fill('#user-id', printed(/^ {2}user +(\S+)$/m));
      await page.fill('#password', printed(/^ {2}password +(\S+)$/m));
      await page.press('#password', 'Enter');
      await page.waitForURL('**/tokens');
      await page.waitForSelector('#admin:not([hidden])');
    });

    test('says that a password is wrong, and lets another be typed', async () => {
      stage.expectComplaint(REFUSED);
      const { page } = await stage.visit();
      await page.goto('/login');
      await page.fill('#user-id', 'alice');
      await page.fill('#password', 'wrong horse battery');
      await page.click('#submit');
      await page.waitForSelector('#refusal:not(:empty)');
      expect(await refusal(page).textContent()).toBe('User id or password is wrong.');
      expect(await focused(page)).toBe('password');
      expect(await page.getAttribute('#password', 'aria-invalid')).toBe('true');
      await page.keyboard.type(PASSWORD);
      await page.keyboard.press('Enter');
      await page.waitForURL('**/tokens');
    });

    test('tells who does not know the password nothing of users that are locked or missing', async () => {
      stage.expectComplaint(REFUSED);
      const { page } = await stage.visit();
      for (const userId of ['mallory', 'nobody']) {
        await page.goto('/login');
        await page.fill('#user-id', userId);
        await page.fill('#password', 'wrong horse battery');
        await page.click('#submit');
        await page.waitForSelector('#refusal:not(:empty)');
        expect(await refusal(page).textContent()).toBe('User id or password is wrong.');
      }
    });

    test('tells locked users who know their password what to do', async () => {
      stage.expectComplaint(/status of 423/);
      const { page } = await stage.visit();
      await page.goto('/login');
      await page.fill('#user-id', 'mallory');
      await page.fill('#password', PASSWORD);
      await page.click('#submit');
      await page.waitForSelector('#refusal:not(:empty)');
      expect(await refusal(page).textContent()).toBe('This user is locked. An administrator can unlock it.');
    });

    test('says how long to wait after too many wrong passwords', async () => {
      stage.expectComplaint(/status of 429/);
      const body = { userId: 'guessed', password: 'wrong horse battery' };
      await Promise.all(Array.from({ length: 20 }, () => stage.api.call('POST', '/auth/api/user/login', { body })));
      const { page } = await stage.visit();
      await page.goto('/login');
      await page.fill('#user-id', body.userId);
      await page.fill('#password', body.password);
      await page.click('#submit');
      await page.waitForSelector('#refusal:not(:empty)');
      expect(await refusal(page).textContent()).toMatch(/^Too many attempts\. Try again in \d{1,2} seconds\.$/);
    });

    test('asks for what is left empty, without asking the service', async () => {
      const { page } = await stage.visit();
      await page.goto('/login');
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.method()));
      await page.click('#submit');
      expect([await refusal(page).textContent(), await focused(page)]).toEqual(['Enter your user id.', 'user-id']);
      await page.fill('#user-id', 'alice');
      await page.click('#submit');
      expect([await refusal(page).textContent(), await focused(page)]).toEqual(['Enter your password.', 'password']);
      expect(asked).not.toContain('POST');
    });

    test('says when the service cannot be reached', async () => {
      stage.expectComplaint(/ERR_FAILED/);
      const { page } = await stage.visit();
      await page.goto('/login');
      await page.route('**/auth/api/user/login', (route) => route.abort());
      await page.fill('#user-id', 'alice');
      await page.fill('#password', PASSWORD);
      await page.click('#submit');
      await page.waitForSelector('#refusal:not(:empty)');
      expect(await refusal(page).textContent()).toMatch(/^The service cannot be reached/);
    });

    test('needs nothing but a keyboard', async () => {
      const { page } = await stage.visit();
      await page.goto('/login');
      expect(await focused(page)).toBe('user-id');
      await page.keyboard.type('alice');
      await page.keyboard.press('Tab');
      await page.keyboard.type(PASSWORD);
      await page.keyboard.press('Tab');
      expect(await focused(page)).toBe('show-password');
      expect(await page.getAttribute('#password', 'type')).toBe('password');
      await page.keyboard.press('Space');
      expect(await page.getAttribute('#password', 'type')).toBe('text');
      await page.keyboard.press('Tab');
      expect(await focused(page)).toBe('submit');
      await page.keyboard.press('Space');
      await page.waitForURL('**/tokens');
    });

    /** Where a login ends up, for each place that one wanted to go. */
    async function landings(places: readonly string[]): Promise<string[]> {
      const { page } = await stage.visit();
      // Neither who it is nor what stands there matters to where it leads.
      await page.route('**/auth/api/user/login', (route) => route.fulfill({ json: { data: {} } }));
      await page.route('**/tokens*', (route) => route.fulfill({ contentType: 'text/html', body: EMPTY_PAGE }));
      const landed: string[] = [];
      for (const next of places) {
        await page.goto(`/login?next=${encodeURIComponent(next)}`);
        await page.fill('#user-id', 'alice');
        await page.fill('#password', PASSWORD);
        const left = page.waitForURL(({ pathname }) => pathname !== '/login', { waitUntil: 'commit' });
        await page.press('#password', 'Enter');
        await left;
        landed.push(page.url().replace(stage.api.address, ''));
      }
      return landed;
    }

    test('leads back to where one wanted to go', async () => {
      expect(await landings(['/tokens?x=1#y', 'tokens'])).toEqual(['/tokens?x=1#y', '/tokens']);
    });

    test('never leads elsewhere', async () => {
      const elsewhere = [
        'https://elsewhere.example/x',
        '//elsewhere.example/x',
        '/\\elsewhere.example/x',
        '\\\\elsewhere.example',
        '/\t/elsewhere.example',
        'javascript:alert(1)',
        'data:text/html,x',
        'http://[',
        '',
        // Addresses of this host whose path would be read as another host.
        `${stage.api.address}//elsewhere.example/`,
        `blob:${stage.api.address}/x`,
      ];
      expect(await landings(elsewhere)).toEqual(elsewhere.map(() => '/tokens'));
    });

    test('is where those go who fetch a token with the browser, as the original platform has it', async () => {
      // The first is what is tested; the second is of the picture that browsers look for beside a bare answer.
      stage.expectComplaint(REFUSED);
      stage.expectComplaint(/status of 404/);
      const { page } = await stage.visit();
      const fetching = '/ms/auth/api/user/token/get';
      expect((await page.goto(fetching))?.status()).toBe(401);
      await page.goto(`/login?next=${fetching}`);
      await page.fill('#user-id', 'alice');
      await page.fill('#password', PASSWORD);
      await page.press('#password', 'Enter');
      await page.waitForURL(({ pathname }) => pathname === fetching);
      expect(JSON.parse(await page.innerText('body'))).toEqual({
        userId: 'alice',
        expirationTime: expect.any(Number),
        accessToken: expect.stringMatching(/^cat_/),
      });
    });

    describe('speaks', () => {
      test('Chinese to whoever prefers it, also of what is wrong', async () => {
        stage.expectComplaint(REFUSED);
        const { page } = await stage.visit({ locale: 'zh-CN' });
        await page.goto('/login');
        expect([await page.title(), await page.getAttribute('html', 'lang')]).toEqual(['登录 · Claviger', 'zh-Hans']);
        await page.fill('#user-id', 'alice');
        await page.fill('#password', 'wrong horse battery');
        await page.click('#submit');
        await page.waitForSelector('#refusal:not(:empty)');
        expect(await refusal(page).textContent()).toBe('用户 ID 或密码错误。');
      });

      test('the language that was chosen, from then on, and still knows where one wanted to go', async () => {
        const { page } = await stage.visit();
        await page.goto('/login?next=%2Ftokens%3Fx');
        expect(await page.getAttribute('a[hreflang="en"]', 'aria-current')).toBe('true');
        await page.click('text=中文');
        await page.waitForURL('**/login?*lang=zh*');
        expect(new URL(page.url()).searchParams.get('next')).toBe('/tokens?x');
        expect(await page.textContent('h1')).toBe('登录');
        await page.goto('/login');
        expect(await page.textContent('h1')).toBe('登录');
      });
    });

    test('says without JavaScript that it needs it, and shows no form that would not work', async () => {
      const { page } = await stage.visit({ javaScriptEnabled: false });
      await page.goto('/login');
      expect(await page.locator('noscript').textContent()).toMatch(/needs JavaScript/);
      expect(await page.locator('#login').isVisible()).toBe(false);
    });

    test('is watched: what the policy forbids fails a test', async () => {
      stage.expectComplaint(/Content Security Policy/);
      const { page } = await stage.visit();
      await page.goto('/login');
      const complaint = page.waitForEvent('console', (line) => /Content Security Policy/.test(line.text()));
      await page.evaluate(() => document.body.setAttribute('style', 'color: red'));
      await complaint;
    });
  });

  ownPassword(stage);
  accessibility(stage);
});
