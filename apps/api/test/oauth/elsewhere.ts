import { beforeAll, describe, expect, test } from '@jest/globals';
import { startApi, type ApiProcess } from '../api-process.js';
import { postFrom } from '../from-address.js';
import { bearer, PASSWORD } from '../known-user.js';
import { REDIRECT, VERIFIER, type App, type Stage } from './stage.js';

/** Within this many milliseconds one process knows what ended at another. */
const SOON = 1000;

/** What a second process knows. */
export function elsewhere(stage: Stage): void {
  describe('at another process', () => {
    let other: ApiProcess;
    beforeAll(async () => {
      other = await startApi(stage.setting);
      await other.logged('ready');
    });

    const post = async ({ appId, credential }: App, path: string, form: Record<string, string>) => {
      const all = { client_id: appId, client_secret: credential.secretKey, ...form };
      const { text } = await postFrom('127.0.0.1', `${other.address}/oauth${path}`, all);
      return JSON.parse(text) as { readonly active?: boolean; readonly error?: string };
    };
    const isActive = async (app: App, token: string) => (await post(app, '/token/introspection', { token })).active;
    const statusOf = async (path: string, token: string) =>
      (await other.call('GET', path, { as: bearer(token) })).status;

    test('nothing of a pair is good any more when the user uninstalled the application, and others’ is', async () => {
      const erin = { userId: 'erin', password: PASSWORD, admin: true };
      await stage.api.call('POST', '/auth/api/user/create', { as: stage.admin, body: erin });
      const [app, browser, bobs] = [await stage.anApp(), await stage.loggedIn('erin'), await stage.loggedIn('bob')];
      const mine = await stage.tokens(app, browser, 'openid offline_access SYSTEM');
      const theirs = await stage.tokens(app, bobs);
      const pending = await stage.consented(app, browser, await stage.ask(app, 'openid SYSTEM'));
      const reads = [
        () => statusOf('/auth/api/account/own/list', mine.access_token),
        () => statusOf('/oauth/me', mine.access_token),
        () => isActive(app, mine.access_token),
        () => isActive(app, String(mine.refresh_token)),
      ];
      const seen = () => Promise.all(reads.map((read) => read()));
      expect(await seen()).toEqual([200, 200, true, true]);

      const headers = { 'sec-fetch-site': 'same-origin' };
      await browser.request(`/auth/api/account/uninstall/${app.appId}`, { method: 'DELETE', headers });
      const uninstalled = Date.now();
      // What would write is told by the database itself, and so at once.
      const refresh = { grant_type: 'refresh_token', refresh_token: String(mine.refresh_token) };
      const redeem = {
        grant_type: 'authorization_code',
        code: String(pending.searchParams.get('code')),
        code_verifier: VERIFIER,
        redirect_uri: REDIRECT,
      };
      for (const form of [refresh, redeem])
        expect(await post(app, '/token', form)).toMatchObject({ error: 'invalid_grant' });
      const ended = [401, 401, false, false];
      while (JSON.stringify(await seen()) !== JSON.stringify(ended))
        expect(Date.now() - uninstalled).toBeLessThan(SOON);
      expect(await isActive(app, theirs.access_token)).toBe(true);
      expect(await statusOf('/oauth/me', theirs.access_token)).toBe(200);
    });
  });
}
