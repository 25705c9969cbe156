import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AccountJson } from '@claviger/application';
import { configWith, openPlatform } from '@claviger/composition';
import { toLastUseGrain } from '@claviger/domain';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { barriersOn, CLEAN } from './barriers.js';
import type { Stage } from './in-browser.js';

const PASSWORD = 'correct horse battery';
const VERIFIER = 'v'.repeat(43);
/** Dark, narrow and Chinese. */
const OTHER_EYES = { locale: 'zh-CN', colorScheme: 'dark', viewport: { width: 320, height: 800 } } as const;
const PICTURE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8" fill="red"/></svg>';

/** As the pages tell a time in English. */
const TIME = String.raw`[A-Z][a-z]{2} \d{1,2}, \d{4}, \d{1,2}:\d{2}\s[AP]M`;
const COLUMNS = ['Application', 'Owner', 'It may', 'Since', 'Last used', 'Actions'];
/** Each thing that can be asked for, in the order of the asking. */
const SAID = {
  en: [
    'know who you are',
    'stay authorized while you are away',
    'use your projects',
    'use your repositories',
    'use the files in your repositories',
    'administer the whole service; what it makes there stays when you uninstall it',
  ],
  zh: [
    '识别您的身份',
    '在您离开时保持授权',
    '使用您的项目',
    '使用您的仓库',
    '使用您仓库中的文件',
    '管理整个服务；其在服务中创建的内容在卸载后仍会保留',
  ],
};

/** What users see of applications: consent, what they authorized, and what cannot be. */
export function applications(stage: Stage): void {
  describe('applications', () => {
    let server: Server;
    let redirectUri: string;
    let users = 0;
    beforeAll(async () => {
      server = createServer((_request, response) => response.end('<link rel="icon" href="data:,">back'));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      redirectUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/back`;
    });
    afterAll(() => void server.close());

    /** An application, and the header with which it comes for its tokens. */
    async function anApp(appId: string, more: object = {}): Promise<Record<string, string>> {
      const [homepageUrl, scope] = ['https://calendar.example/', ['PROJECT', 'REPO']];
      const account = {
        appId,
        authorizationGrantTypes: ['AUTHORIZATION_CODE'],
        homepageUrl,
        redirectUri,
        scope,
        ...more,
      };
      const made = (await stage.asAdmin('POST', '/auth/api/account/create', account)) as AccountJson;
      const pair = `${appId}:${made.credentials[0]?.secretKey ?? ''}`;
      return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
    }

    function asked(appId: string, scope: string, more: Record<string, string> = {}): string {
      const challenge = createHash('sha256').update(VERIFIER).digest('base64url');
      const pkce = { code_challenge: challenge, code_challenge_method: 'S256' };
      const query = { client_id: appId, response_type: 'code', redirect_uri: redirectUri, scope, state: 'state-1' };
      return `/oauth/auth?${new URLSearchParams({ ...query, ...pkce, ...more })}`;
    }

    /** Somebody new, who is logged in and whom an application sends to us. */
    async function sent(
      appId: string,
      scope: string,
      options?: BrowserContextOptions,
      ready?: (page: Page) => unknown,
    ) {
      const { page, enter } = await stage.visit(options);
      await enter(await aUser(), PASSWORD);
      await ready?.(page);
      await page.goto(asked(appId, scope));
      await page.waitForSelector('#request:not([hidden])');
      return page;
    }

    async function aUser(more: object = {}): Promise<string> {
      const userId = `guest-${++users}`;
      await stage.asAdmin('POST', '/auth/api/user/create', { userId, password: PASSWORD, ...more });
      return userId;
    }

    /** At another instance, which ends at once and so writes it down at once. */
    async function use(token: string): Promise<void> {
      const other = await openPlatform(configWith({ 'database.url': stage.database }), undefined, { guarded: false });
      try {
        const origin = { address: '127.0.0.1', traceId: '0'.repeat(32) };
        await other.platform.authenticate({ scheme: 'token', token, userId: null }, origin);
      } finally {
        await other.close();
      }
    }

    async function typeIn(page: Page, userId: string): Promise<void> {
      await page.fill('#user-id', userId);
      await page.fill('#password', PASSWORD);
      await page.press('#password', 'Enter');
    }

    async function returned(page: Page): Promise<URLSearchParams> {
      await page.waitForURL(`${redirectUri}?*`);
      return new URL(page.url()).searchParams;
    }

    describe('the page of consent', () => {
      test('comes after the login, says who asks for what, and is not asked again for the same', async () => {
        await anApp('calendar');
        const { page } = await stage.visit();
        await page.goto(asked('calendar', 'openid PROJECT'));
        await page.waitForURL('**/login?next=consent');
        await typeIn(page, await aUser());
        await page.waitForSelector('#request:not([hidden])');
        expect(await page.textContent('#why')).toBe('calendar asks to act in your name.');
        expect(await page.textContent('#homepage')).toBe('calendar.example');
        expect(await page.textContent('#redirect')).toBe(new URL(redirectUri).host);
        expect(await page.locator('#scopes li').allTextContents()).toEqual(['know who you are', 'use your projects']);
        await page.click('#allow');
        expect((await returned(page)).get('code')).toBeTruthy();
        await page.goto(asked('calendar', 'openid PROJECT'));
        expect((await returned(page)).get('code')).toBeTruthy();
        await page.goto(asked('calendar', 'openid PROJECT REPO'));
        await page.waitForSelector('#request:not([hidden])');
        await page.click('#deny');
        expect(Object.fromEntries(await returned(page))).toMatchObject({ error: 'access_denied', state: 'state-1' });
      });

      test('says whose the application is and, in words, each thing that it can ask for, in both languages', async () => {
        await anApp('overseer', { scope: ['PROJECT', 'REPO', 'NODE', 'SYSTEM'] });
        const { page, enter } = await stage.visit();
        await enter(await aUser({ admin: true }), PASSWORD);
        await page.goto(asked('overseer', 'openid offline_access PROJECT REPO NODE SYSTEM', { prompt: 'consent' }));
        await page.waitForSelector('#request:not([hidden])');
        expect(await page.textContent('#owner')).toBe('admin');
        expect(await page.locator('#scopes li').allTextContents()).toEqual(SAID.en);
        await page.click('text=中文');
        await page.waitForURL('**/consent?lang=zh');
        await page.waitForSelector('#request:not([hidden])');
        expect(await page.textContent('#owner')).toBe('admin');
        expect(await page.locator('#scopes li').allTextContents()).toEqual(SAID.zh);
      });

      describe('shows the avatar of the application', () => {
        beforeAll(() => anApp('painter', { avatarUrl: 'logo.svg' }).then(() => undefined));

        test('once it has loaded, and tells nobody where it is shown', async () => {
          const referrers: (string | undefined)[] = [];
          const page = await sent('painter', 'openid', OTHER_EYES, (one) =>
            one.route('https://calendar.example/logo.svg', async (route) => {
              referrers.push((await route.request().allHeaders())['referer']);
              await route.fulfill({ contentType: 'image/svg+xml', body: PICTURE });
            }),
          );
          await page.waitForSelector('#avatar:not([hidden])');
          expect(referrers).toEqual([undefined]);
          expect(await page.textContent('#why')).toBe('painter 请求以您的身份进行操作。');
          expect(await barriersOn(page)).toEqual(CLEAN);
        });

        test('and not what is broken, of this service, without TLS or no address, even if it were told to', async () => {
          stage.expectComplaint(/Content Security Policy/);
          let told = 'https://calendar.example/broken.svg';
          const page = await sent('painter', 'openid', {}, async (one) => {
            await one.route('**/logo.svg', (route) => route.fulfill({ contentType: 'image/svg+xml', body: PICTURE }));
            await one.route('**/broken.svg', (route) => route.fulfill({ body: 'no picture' }));
            await one.route('**/consent/request', async (route) => {
              const response = await route.fetch();
              const { data, ...envelope } = (await response.json()) as { data: object };
              await route.fulfill({ response, json: { ...envelope, data: { ...data, avatarUrl: told } } });
            });
          });
          const isShownFrom = async (address: string) => {
            told = address;
            await page.reload();
            await page.waitForSelector('#request:not([hidden])');
            await page.waitForFunction(() => document.querySelector<HTMLImageElement>('#avatar')?.complete);
            return page.isVisible('#avatar');
          };
          const [good, ...others] = [
            'https://calendar.example/logo.svg',
            'https://calendar.example/broken.svg',
            `${stage.api.address}/pages/mark.svg`,
            'http://calendar.example/logo.svg',
            'javascript:alert(1)',
            `data:image/svg+xml,${encodeURIComponent(PICTURE)}`,
          ];
          told = good;
          await page.reload();
          await page.waitForSelector('#avatar:not([hidden])');
          for (const other of others) expect([other, await isShownFrom(other)]).toEqual([other, false]);
        });
      });
    });

    test('that ask for what cannot be are sent no browser back: a page says so, in our style and to everybody', async () => {
      stage.expectComplaint(/status of 400/);
      await anApp('stranger');
      const { page } = await stage.visit(OTHER_EYES);
      await page.goto(asked('stranger', 'openid', { redirect_uri: 'https://elsewhere.example/' }));
      expect([await page.textContent('h1'), await page.textContent('code')]).toEqual([
        '无法授权该应用',
        'invalid_redirect_uri',
      ]);
      expect(await page.locator('a, form, script').count()).toBe(0);
      expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(15, 21, 20)');
      expect(await barriersOn(page)).toEqual(CLEAN);
    });

    describe('the page of authorized applications', () => {
      const title = (page: Page) => page.textContent('h1');
      const rows = (page: Page) => page.locator('#apps tbody tr').allInnerTexts();

      test('shows what one let them do, since when and when they last did, and uninstalls one with its tokens', async () => {
        const begun = Date.now();
        const authorization = (await anApp('mailer'))['authorization'] ?? '';
        const page = await sent('mailer', 'openid PROJECT REPO');
        await page.click('#allow');
        const code = (await returned(page)).get('code') ?? '';
        const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
        const post = (path: string, form: Record<string, string>) =>
          stage.api.call('POST', path, { headers, body: new URLSearchParams(form).toString() });
        const redeemed = await post('/oauth/token', {
          grant_type: 'authorization_code',
          code,
          redirect_uri: redirectUri,
          code_verifier: VERIFIER,
        });
        const { access_token: token } = JSON.parse(redeemed.text) as { access_token: string };
        const isActive = async () => JSON.parse((await post('/oauth/token/introspection', { token })).text).active;

        await page.goto('/tokens');
        await page.getByRole('link', { name: 'Applications' }).click();
        await page.waitForSelector('#apps tbody tr');
        expect(await title(page)).toBe('Applications');
        expect(await page.locator('#pages [aria-current="page"]').allTextContents()).toEqual(['Applications']);
        const [row = '', ...others] = await rows(page);
        expect(others).toEqual([]);
        const may = String.raw`^mailer\s+calendar\.example\s+admin\s+use your projects\s+use your repositories`;
        expect(row).toMatch(new RegExp(`${may}\\s+${TIME}\\s+never\\s+Uninstall$`));
        expect(await barriersOn(page)).toEqual(CLEAN);

        await use(token);
        await page.reload();
        await page.waitForSelector('#apps tbody tr');
        expect(await page.locator('#apps th[scope=col]').allTextContents()).toEqual(COLUMNS);
        expect((await rows(page)).join()).toMatch(new RegExp(`${may}\\s+${TIME}\\s+${TIME}\\s+Uninstall$`));
        const [since = NaN, used = NaN] = await page
          .locator('#apps tbody time')
          .evaluateAll((times) => times.map((time) => Date.parse(time.getAttribute('datetime') ?? '')));
        expect(since).toBeGreaterThanOrEqual(begun);
        expect(used).toBeGreaterThanOrEqual(toLastUseGrain(since));
        expect(Math.max(since, used)).toBeLessThanOrEqual(Date.now());

        const button = page.getByRole('button', { name: 'Uninstall mailer' });
        await button.focus();
        await page.keyboard.press('Enter');
        expect(await page.textContent('#question-title')).toBe('Uninstall “mailer”?');
        await page.keyboard.press('Escape');
        await page.waitForSelector('#question', { state: 'hidden' });
        expect(await isActive()).toBe(true);
        expect(await button.evaluate((one) => document.activeElement === one)).toBe(true);
        await page.keyboard.press('Enter');
        await page.keyboard.press('Tab');
        await page.keyboard.press('Enter');
        await page.waitForSelector('#no-apps:not([hidden])');
        expect(await page.getByRole('status').allTextContents()).toContain('“mailer” is uninstalled.');
        expect(await page.evaluate(() => document.activeElement?.id)).toBe('apps-title');
        expect(await isActive()).toBe(false);
      });

      test('comes after the login, and keeps nothing from anybody', async () => {
        const page = await sent('calendar', 'openid PROJECT', OTHER_EYES);
        await page.click('#allow');
        await returned(page);
        await page.context().clearCookies();
        await page.goto('/apps');
        await page.waitForURL('**/login?next=apps');
        await typeIn(page, `guest-${users}`);
        await page.waitForURL('**/apps');
        await page.waitForSelector('#apps tbody tr');
        expect(await title(page)).toBe('应用');
        expect((await rows(page)).join()).toContain('使用您的项目');
        expect(await barriersOn(page)).toEqual(CLEAN);
        await page.click('#apps tbody button');
        expect(await barriersOn(page)).toEqual(CLEAN);
      });
    });
  });
}
