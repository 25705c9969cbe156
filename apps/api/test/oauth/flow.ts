import { describe, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import type { Stage } from './stage.js';

/** What goes well. */
export function flow(stage: Stage): void {
  describe('a flow', () => {
    test.each([
      ['in the body', client.ClientSecretPost],
      ['in the header', client.ClientSecretBasic],
    ])('lets openid-client come from login to tokens, its secret %s, refresh and revoke', async (_how, method) => {
      const [app, browser] = [await stage.anApp(method), await stage.loggedIn()];
      const tokens = await stage.tokens(app, browser);
      expect(tokens.claims()).toMatchObject({ sub: 'alice', aud: app.appId, iss: `${stage.api.address}/oauth` });
      expect(tokens.scope).toBe('openid offline_access PROJECT');
      expect(await client.fetchUserInfo(app.config, tokens.access_token, 'alice')).toEqual({ sub: 'alice' });
      const refreshed = await client.refreshTokenGrant(app.config, String(tokens.refresh_token));
      expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);
      await client.tokenRevocation(app.config, String(refreshed.refresh_token));
      expect(await stage.isActive(app, refreshed.access_token)).toBe(false);
    });
  });
}
