import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { inBrowser } from './in-browser.js';

const USER = { userId: 'alice', password: 'correct horse battery' };

inBrowser('the page of consent', (stage) => {
  let app: Server;
  let redirectUri: string;
  beforeAll(async () => {
    app = createServer((_request, response) => response.end('<link rel="icon" href="data:,">back')).listen(
      0,
      '127.0.0.1',
    );
    await once(app, 'listening');
    redirectUri = `http://127.0.0.1:${(app.address() as AddressInfo).port}/back`;
    await stage.asAdmin('POST', '/auth/api/user/create', USER);
    await stage.asAdmin('POST', '/auth/api/account/create', {
      appId: 'calendar',
      authorizationGrantTypes: ['AUTHORIZATION_CODE'],
      homepageUrl: 'https://calendar.example/',
      redirectUri,
      scope: ['PROJECT', 'REPO'],
    });
  });
  afterAll(() => void app.close());

  const asked = (scope: string): string => {
    const challenge = createHash('sha256').update('v'.repeat(43)).digest('base64url');
    const query = { client_id: 'calendar', response_type: 'code', redirect_uri: redirectUri, scope, state: 'state-1' };
    return `/oauth/auth?${new URLSearchParams({ ...query, code_challenge: challenge, code_challenge_method: 'S256' })}`;
  };
  const returned = async (page: Page): Promise<URLSearchParams> => {
    await page.waitForURL(`${redirectUri}?*`);
    return new URL(page.url()).searchParams;
  };
  const typeIn = async (page: Page): Promise<void> => {
    await page.waitForURL('**/login?next=consent');
    await page.fill('#user-id', USER.userId);
    await page.fill('#password', USER.password);
    await page.press('#password', 'Enter');
    await page.waitForSelector('#request:not([hidden])');
  };

  test('comes after the login, says who asks for what, and is not asked again for the same', async () => {
    const { page } = await stage.visit();
    await page.goto(asked('openid PROJECT'));
    await typeIn(page);
    expect(await page.textContent('#why')).toBe('calendar asks to act in your name.');
    expect(await page.textContent('#homepage')).toBe('calendar.example');
    expect(await page.textContent('#redirect')).toBe(new URL(redirectUri).host);
    expect(await page.locator('#scopes li').allTextContents()).toEqual(['know who you are', 'use your projects']);
    await page.click('#allow');
    expect((await returned(page)).get('code')).toBeTruthy();
    await page.goto(asked('openid PROJECT'));
    expect((await returned(page)).get('code')).toBeTruthy();
    await page.goto(asked('openid PROJECT REPO'));
    await page.waitForSelector('#request:not([hidden])');
    await page.click('#deny');
    expect(Object.fromEntries(await returned(page))).toMatchObject({ error: 'access_denied', state: 'state-1' });
  });

  test('keeps nothing from anybody, in Chinese and on a narrow screen too', async () => {
    const { page } = await stage.visit({ locale: 'zh-CN', colorScheme: 'dark', viewport: { width: 320, height: 800 } });
    await page.goto(asked('openid REPO'));
    await typeIn(page);
    expect(await page.textContent('#why')).toBe('calendar 请求以您的身份进行操作。');
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    const [width, room] = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return [scrollWidth, clientWidth];
    });
    expect(width).toBe(room);
  });
});
