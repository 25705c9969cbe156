import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { applications } from './applications.js';
import { inBrowser, type Visit } from './in-browser.js';

// The tests of other pages stand on the same stage: to set it takes long.
inBrowser('whoever is logged in', (stage) => {
  describe('the tokens page', () => {
    let users = 0;
    let user: { userId: string; password: string };
    beforeEach(async () => {
      user = { userId: `alice-${++users}`, password: 'correct horse battery' };
      await stage.asAdmin('POST', '/auth/api/user/create', { ...user, name: 'Alice' });
    });

    async function atHome(options?: Parameters<typeof stage.visit>[0]): Promise<Visit> {
      const visit = await stage.visit(options);
      await visit.logIn(user.userId, user.password);
      return visit;
    }

    /** Makes a token as a person does. */
    async function create(page: Page, name: string): Promise<string> {
      await page.fill('#name', name);
      await page.click('#create button');
      await page.waitForSelector(`#tokens tbody :text("${name}")`);
      return (await page.textContent('#token-text')) ?? '';
    }

    const names = (page: Page) => page.locator('#tokens [data-slot="name"]').allTextContents();
    const focused = (page: Page) => page.evaluate(() => document.activeElement?.id);
    const info = (token: string) =>
      stage.api.call('GET', '/auth/api/user/info', { as: { authorization: `Bearer ${token}` } });

    test('makes a token that calls the API, until it is revoked', async () => {
      const { page } = await atHome({ permissions: ['clipboard-read', 'clipboard-write'] });
      expect(await page.isVisible('#no-tokens')).toBe(true);
      const token = await create(page, 'laptop');
      expect(token).toMatch(/^cat_[0-9A-Za-z]{49}$/);

      await page.click('#copy');
      await page.waitForSelector('#copy:text("Copied")');
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(token);
      expect(await info(token)).toMatchObject({ status: 200, body: { data: { userId: user.userId } } });
      const inQuery = await stage.api.call('GET', `/auth/api/user/info?access_token=${token}`, {
        headers: { 'X-DEVOPS-UID': user.userId },
      });
      expect(inQuery.status).toBe(200);

      await page.click('#tokens tbody button');
      expect(await page.textContent('#question-title')).toBe('Revoke “laptop”?');
      await page.click('#yes');
      await page.waitForSelector('#no-tokens:not([hidden])');
      expect(await page.getByRole('status').allTextContents()).toContain('“laptop” is revoked.');
      expect(await info(token)).toMatchObject({ status: 401, body: { message: expect.stringContaining('illegal') } });
    });

    test('shows a token once: neither the list nor a second look has it', async () => {
      const { page } = await atHome();
      const token = await create(page, 'laptop');
      await page.click('#done');
      expect(await page.content()).not.toContain(token);
      await create(page, 'desktop');
      await page.reload();
      await page.waitForSelector('#tokens tbody tr');
      expect(await page.isVisible('#made')).toBe(false);
      expect(await page.content()).not.toContain(token.slice(0, 10));
      expect(await names(page)).toEqual(['desktop', 'laptop']);
    });

    test('does not show a token again to whoever comes "back"', async () => {
      const { page } = await atHome();
      const token = await create(page, 'laptop');
      await page.goto('about:blank');
      await page.goBack();
      await page.waitForSelector('#tokens tbody tr');
      expect(await page.content()).not.toContain(token);
    });

    test('revokes what was asked for, and nothing when the answer is no', async () => {
      const { page } = await atHome();
      const tokens = { first: await create(page, 'first'), second: await create(page, 'second') };
      const revoke = page.getByRole('button', { name: 'Revoke first' });
      for (const no of [() => page.click('#no'), () => page.keyboard.press('Escape'), () => page.mouse.click(5, 5)]) {
        await revoke.click();
        await no();
        await page.waitForSelector('#question', { state: 'hidden' });
      }
      expect(await names(page)).toEqual(['second', 'first']);
      await revoke.click();
      await page.click('#yes');
      await page.waitForFunction(() => document.querySelectorAll('#tokens tbody tr').length === 1);
      expect([(await info(tokens.first)).status, (await info(tokens.second)).status]).toEqual([401, 200]);
    });

    test('needs nothing but a keyboard', async () => {
      const { page } = await atHome();
      await page.focus('#name');
      await page.keyboard.type('laptop');
      await page.keyboard.press('Enter');
      await page.waitForSelector('#made:not([hidden])');
      expect(await focused(page)).toBe('copy');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      expect(await focused(page)).toBe('name');

      const revoke = page.getByRole('button', { name: 'Revoke laptop' });
      await revoke.focus();
      await page.keyboard.press('Enter');
      expect(await focused(page)).toBe('no');
      await page.keyboard.press('Enter');
      await page.waitForSelector('#question', { state: 'hidden' });
      expect(await revoke.evaluate((button) => document.activeElement === button)).toBe(true);
      await page.keyboard.press('Space');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.waitForSelector('#no-tokens:not([hidden])');
      expect(await focused(page)).toBe('tokens-title');
    });

    test('asks for a name, and says when the service takes none of it', async () => {
      stage.expectComplaint(/status of 400/);
      const { page } = await atHome();
      await page.click('#create button');
      expect([await page.getByRole('alert').textContent(), await focused(page)]).toEqual(['Enter a name.', 'name']);
      // Broken text, which no keyboard types but a page may be given.
      await page.evaluate(() => ((document.getElementById('name') as unknown as { value: string }).value = 'a\0b'));
      await page.click('#create button');
      await page.waitForSelector('#refusal:text("name must not contain")');
      expect(await names(page)).toEqual([]);
    });

    test('shows names as they are, whatever markup a name pretends to be', async () => {
      const { page } = await atHome();
      const name = '<img src=x onerror=alert(1)>"&amp;';
      await page.fill('#name', name);
      await page.press('#name', 'Enter');
      await page.waitForSelector('#tokens tbody tr');
      expect(await names(page)).toEqual([name]);
      expect(await page.textContent('#made-title')).toBe(`“${name}” is ready`);
    });

    test('speaks Chinese, also of what it asks', async () => {
      const { page } = await atHome({ locale: 'zh-CN' });
      await create(page, '笔记本');
      expect(await page.textContent('#made-title')).toBe('“笔记本”已创建');
      await page.click('#tokens tbody button');
      expect(await page.textContent('#question-title')).toBe('吊销“笔记本”？');
      expect(await page.textContent('#yes')).toBe('吊销');
    });

    describe('sessions', () => {
      const browsers = (page: Page) => page.locator('#sessions tbody tr').allInnerTexts();

      test('are listed, the own one first and marked, and end from elsewhere', async () => {
        const userAgent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';
        const { page: other } = await atHome({ userAgent });
        const { page } = await atHome();
        const [own, second, ...more] = await browsers(page);
        expect(own).toMatch(/^Chrome on Linux\s+this browser/);
        expect(second).toMatch(/^Firefox on Windows\s+127\.0\.0\.1/);
        expect(more).toEqual([]);

        await page.getByRole('button', { name: 'End the session: Firefox on Windows' }).click();
        await page.click('#yes');
        await page.waitForFunction(() => document.querySelectorAll('#sessions tbody tr').length === 1);
        stage.expectComplaint(/status of 401/);
        await other.fill('#name', 'too late');
        await other.click('#create button');
        await other.waitForURL('**/login?next=%2Ftokens');
      });

      test('end with logging out, for whoever kept the cookie as well', async () => {
        const { page, context } = await atHome();
        const [{ name, value } = { name: '', value: '' }] = await context.cookies();
        await page.click('#log-out');
        await page.waitForURL('**/login');
        expect(await context.cookies()).toEqual([]);
        const { status } = await stage.api.call('GET', '/auth/api/user/info', {
          headers: { cookie: `${name}=${value}` },
        });
        expect(status).toBe(401);
      });
    });

    describe('other sites', () => {
      /** A page of another site, or of another port here, which browsers count to the same site. */
      async function elsewhere(host: string, html: string): Promise<{ url: string; close: () => Promise<unknown> }> {
        const server = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(html));
        server.listen(0, host);
        await once(server, 'listening');
        const { port } = server.address() as AddressInfo;
        return {
          url: `http://${host}:${port}/`,
          close: () => {
            server.closeAllConnections();
            return once(server.close(), 'close');
          },
        };
      }

      test('cannot act for who is logged in, not even from the same machine', async () => {
        stage.expectComplaint(/status of 40[134]/);
        const { page, context } = await atHome();
        const neighbour = await elsewhere('127.0.0.1', '<!doctype html><title>neighbour</title>');
        const other = await context.newPage();
        await other.goto(neighbour.url);
        const statuses: number[] = [];
        other.on(
          'response',
          (response) => response.url().startsWith(stage.api.address) && statuses.push(response.status()),
        );
        await other.evaluate(
          (address) =>
            Promise.all(
              ['auth/api/user/token/create', 'auth/api/user/logout'].map((path) =>
                fetch(`${address}/${path}`, { method: 'POST', mode: 'no-cors', credentials: 'include' }),
              ),
            ),
          stage.api.address,
        );
        expect(statuses).toEqual([403, 403]);
        await page.reload();
        await page.waitForSelector('#no-tokens:not([hidden])');
        await neighbour.close();
      });

      test('cannot put the page into a frame', async () => {
        stage.expectComplaint(/frame/);
        const { context } = await atHome();
        const thief = await elsewhere('localhost', `<iframe src="${stage.api.address}/login"></iframe>`);
        const page = await context.newPage();
        const refused = page.waitForEvent('console', (line) => /frame-ancestors|X-Frame-Options/.test(line.text()));
        await page.goto(thief.url);
        await refused;
        await thief.close();
      });
    });
  });

  applications(stage);
});
