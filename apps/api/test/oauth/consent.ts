import { describe, expect, test } from '@jest/globals';
import { browserAt, type BrowserStandIn } from '../browser-stand-in.js';
import { STATE, type Stage } from './stage.js';

/** What the page of consent asks and says. */
export function consent(stage: Stage): void {
  describe('consent', () => {
    test('is asked for with what it is about, again for more and not for less', async () => {
      const [app, browser] = [await stage.anApp(), await stage.loggedIn()];
      const told = async (scope: string) => {
        await browser.follow((await stage.ask(app, scope)).href);
        const answer = await browser.request('/consent/request');
        return ((await answer.json()) as { data: Record<string, unknown> }).data;
      };
      const first = { appId: app.appId, owner: 'admin', homepageHost: 'calendar.example', userId: 'alice' };
      expect(await told('openid PROJECT')).toMatchObject({ ...first, scope: ['openid', 'PROJECT'], given: false });
      await stage.decide(browser, true);
      expect(await told('openid PROJECT')).toMatchObject({ given: true });
      expect(await told('openid PROJECT REPO')).toMatchObject({ given: false });
    });

    test('that is refused is told to the application', async () => {
      const [app, browser] = [await stage.anApp(), await stage.loggedIn()];
      const back = await stage.consented(app, browser, await stage.ask(app), false);
      expect(Object.fromEntries(back.searchParams)).toMatchObject({ error: 'access_denied', state: STATE });
    });

    test('is nothing that somebody gives from another site, nor without being logged in', async () => {
      const [app, browser] = [await stage.anApp(), await stage.loggedIn()];
      await browser.follow((await stage.ask(app)).href);
      const decision = (by: BrowserStandIn, headers: Record<string, string>) =>
        by.request('/consent/decision', { method: 'POST', headers, body: '{"id":"any","allow":true}' });
      const json = { 'content-type': 'application/json' };
      const statuses = [
        await decision(browser, { ...json, 'sec-fetch-site': 'cross-site' }),
        await decision(browser, { ...json, 'sec-fetch-site': 'same-site' }),
        await decision(browser, { ...json, origin: 'https://evil.example' }),
        await decision(browser, { ...json, origin: 'null' }),
        // What a form can send, to a service that sees no header of the browser's.
        await decision(browser, { 'content-type': 'text/plain' }),
        await decision(browser, { 'content-type': 'application/x-www-form-urlencoded' }),
      ].map(({ status }) => status);
      expect(statuses).toEqual([403, 403, 403, 403, 415, 415]);
      const stranger = browserAt(stage.api.address);
      await stranger.follow((await stage.ask(app)).href);
      expect((await decision(stranger, { ...json, 'sec-fetch-site': 'same-origin' })).status).toBe(401);
    });

    test('is for what was shown: not for what another application asks meanwhile, nor for another user', async () => {
      const [trusted, evil, browser] = [await stage.anApp(), await stage.anApp(), await stage.loggedIn()];
      const shown = async (): Promise<string> => {
        const answer = await browser.request('/consent/request');
        return ((await answer.json()) as { data: { id: string } }).data.id;
      };
      const allow = (id: string) => {
        const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' };
        const body = JSON.stringify({ id, allow: true });
        return browser.request('/consent/decision', { method: 'POST', headers, body });
      };
      await browser.follow((await stage.ask(trusted)).href);
      const first = await shown();
      await browser.follow((await stage.ask(evil, 'openid PROJECT REPO')).href);
      expect((await allow(first)).status).toBe(409);
      const second = await shown();
      await stage.logIn(browser, 'bob');
      expect((await allow(second)).status).toBe(409);
      expect((await allow(await shown())).status).toBe(200);
    });

    test('is for what one browser was asked: nothing is decided without a request', async () => {
      const browser = await stage.loggedIn();
      expect((await stage.decide(browser, true)).status).toBe(404);
    });

    test('grants SYSTEM to admins alone', async () => {
      const [app, browser] = [await stage.anApp(), await stage.loggedIn()];
      await browser.follow((await stage.ask(app, 'openid SYSTEM')).href);
      expect((await stage.decide(browser, true)).status).toBe(403);
    });
  });
}
