import { describe, expect, test } from '@jest/globals';
import * as oauth from 'oauth4webapi';
import * as client from 'openid-client';
import { REDIRECT, STATE, VERIFIER, type Stage } from './stage.js';

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

    test.each([
      ['in the body', oauth.ClientSecretPost],
      ['in the header', oauth.ClientSecretBasic],
    ])('lets oauth4webapi come from login to tokens, its secret %s, refresh and revoke', async (_how, method) => {
      const [app, browser] = [await stage.anApp(), await stage.loggedIn()];
      const [self, proof] = [{ client_id: app.appId }, method(app.credential.secretKey)];
      const http = { [oauth.allowInsecureRequests]: true };
      const issuer = new URL(`${stage.api.address}/oauth`);
      const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, http));

      const expectedNonce = oauth.generateRandomNonce();
      const more = { prompt: 'consent', nonce: expectedNonce };
      const back = await stage.consented(app, browser, await stage.ask(app, 'openid offline_access PROJECT', more));
      const code = oauth.validateAuthResponse(server, self, back, STATE);
      const redeemed = await oauth.authorizationCodeGrantRequest(server, self, proof, code, REDIRECT, VERIFIER, http);
      const wanted = { expectedNonce, requireIdToken: true };
      const tokens = await oauth.processAuthorizationCodeResponse(server, self, redeemed, wanted);
      await oauth.validateApplicationLevelSignature(server, redeemed, http);
      expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({ sub: 'alice', nonce: expectedNonce });

      const info = await oauth.userInfoRequest(server, self, tokens.access_token, http);
      expect(await oauth.processUserInfoResponse(server, self, 'alice', info)).toEqual({ sub: 'alice' });

      const old = String(tokens.refresh_token);
      const renewed = await oauth.refreshTokenGrantRequest(server, self, proof, old, http);
      const fresh = await oauth.processRefreshTokenResponse(server, self, renewed);
      const isActive = async () => {
        const asked = await oauth.introspectionRequest(server, self, proof, fresh.access_token, http);
        return (await oauth.processIntrospectionResponse(server, self, asked)).active;
      };
      expect(await isActive()).toBe(true);
      await oauth.processRevocationResponse(
        await oauth.revocationRequest(server, self, proof, String(fresh.refresh_token), http),
      );
      expect(await isActive()).toBe(false);
    });
  });
}
