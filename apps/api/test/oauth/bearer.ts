import { describe, expect, test } from '@jest/globals';
import { PASSWORD } from '../known-user.js';
import type { Stage } from './stage.js';

/** What an application does with a user's access token at the API itself. */
export function bearer(stage: Stage): void {
  describe('at the API, the access token of an application', () => {
    const ownList = (token: string, query = '') =>
      stage.api.call('GET', `/auth/api/account/own/list${query}`, {
        as: token ? { authorization: `Bearer ${token}` } : {},
      });

    test('opens nothing without SYSTEM, and nothing at all in an address', async () => {
      const [app, browser] = [await stage.anApp(), await stage.loggedIn()];
      const { access_token: token } = await stage.tokens(app, browser, 'openid PROJECT');
      const refused = await ownList(token);
      expect(refused).toMatchObject({ status: 403, body: { code: 250237 } });
      const needed = 'Bearer realm="claviger", error="insufficient_scope", scope="SYSTEM"';
      expect(refused.headers['www-authenticate']).toBe(needed);
      expect(await ownList('', `?access_token=${token}`)).toMatchObject({ status: 401 });
    });

    test('stands for its user with SYSTEM, until they are no admin any more or uninstall it', async () => {
      const user = { userId: 'carol', password: PASSWORD, admin: true };
      await stage.api.call('POST', '/auth/api/user/create', { as: stage.admin, body: user });
      const [app, browser] = [await stage.anApp(), await stage.loggedIn('carol')];
      const { access_token: token } = await stage.tokens(app, browser, 'openid SYSTEM');
      const authorized = await stage.api.call('GET', '/auth/api/account/authorized/list', {
        as: { authorization: `Bearer ${token}` },
      });
      const word = { scope: ['SYSTEM'], grantedAt: expect.any(String), lastUsedAt: null };
      expect(authorized).toMatchObject({
        status: 200,
        body: { data: [{ appId: app.appId, credentials: [], authorization: word }] },
      });
      const demoted = { userId: 'carol', admin: false };
      await stage.api.call('PUT', '/auth/api/user/update', { as: stage.admin, body: demoted });
      expect(await ownList(token)).toMatchObject({ status: 403 });
      expect(await stage.isActive(app, token)).toBe(true);
      const headers = { 'sec-fetch-site': 'same-origin' };
      await browser.request(`/auth/api/account/uninstall/${app.appId}`, { method: 'DELETE', headers });
      expect(await ownList(token)).toMatchObject({ status: 401 });
    });
  });
}
