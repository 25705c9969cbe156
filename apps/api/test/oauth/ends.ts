import { describe, expect, test } from '@jest/globals';
import { refusal, type Stage } from './stage.js';

/** What ends tokens, codes and clients. */
export function ends(stage: Stage): void {
  describe('the end', () => {
    test('of a credential is the end of what it could redeem', async () => {
      const [app, browser] = [await stage.anApp(), await stage.loggedIn()];
      const back = await stage.consented(app, browser, await stage.ask(app));
      const { accessKey } = app.credential;
      const path = `/auth/api/account/credential/${app.appId}/${accessKey}/DISABLE`;
      await stage.api.call('PUT', path, { as: stage.admin });
      expect(await refusal(stage.redeem(app, back))).toContain('invalid_client');
    });

    test('of an authorization is the end of its tokens at once, and of nobody else’s', async () => {
      const [app, alices, bobs] = [await stage.anApp(), await stage.loggedIn(), await stage.loggedIn('bob')];
      const [mine, theirs] = [await stage.tokens(app, alices), await stage.tokens(app, bobs)];
      const headers = { 'sec-fetch-site': 'same-origin' };
      const path = `/auth/api/account/uninstall/${app.appId}`;
      expect((await alices.request(path, { method: 'DELETE', headers })).status).toBe(200);
      const active = [mine, theirs].map((tokens) => stage.isActive(app, tokens.access_token));
      expect(await Promise.all(active)).toEqual([false, true]);
    });

    test('of an unlocked account is the end of the client', async () => {
      const [app, browser] = [await stage.anApp(), await stage.loggedIn()];
      const body = { appId: app.appId, authorizationGrantTypes: ['AUTHORIZATION_CODE'], locked: true };
      await stage.api.call('PUT', '/auth/api/account/update', { as: stage.admin, body });
      expect((await browser.follow((await stage.ask(app)).href)).last.status).toBe(400);
    });
  });
}
