import { describe, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import { latePost } from './late-bodies.js';
import { REDIRECT, refusal, STATE, VERIFIER, type Stage } from './stage.js';

/** Codes and refresh tokens: each is good for one application, once. */
export function redeeming(stage: Stage): void {
  describe('redeeming', () => {
    test('takes no wrong verifier, not even the challenge itself, and the code stays good', async () => {
      const [app, browser] = [await stage.anApp(), await stage.loggedIn()];
      const back = await stage.consented(app, browser, await stage.ask(app));
      for (const wrong of [client.randomPKCECodeVerifier(), await client.calculatePKCECodeChallenge(VERIFIER)]) {
        const checks = { pkceCodeVerifier: wrong, expectedState: STATE };
        expect(await refusal(client.authorizationCodeGrant(app.config, back, checks))).toBe('invalid_grant');
      }
      expect((await stage.redeem(app, back)).access_token).toBeTruthy();
    });

    test('takes no verifier without a challenge: whoever asks without one is given no code for it', async () => {
      const [app, browser] = [await stage.anApp(), await stage.loggedIn()];
      const asked = await stage.ask(app);
      for (const method of ['S256', null]) {
        asked.searchParams.delete('code_challenge');
        if (method === null) asked.searchParams.delete('code_challenge_method');
        const { left } = await browser.follow(asked.href);
        expect(left?.href.split('?')[0]).toBe(REDIRECT);
        expect(Object.fromEntries(left?.searchParams ?? [])).toEqual({
          error: 'invalid_request',
          error_description: expect.any(String),
          state: STATE,
          iss: `${stage.api.address}/oauth`,
        });
      }
      const form = { code: '', code_verifier: VERIFIER, redirect_uri: REDIRECT };
      expect(await refusal(client.genericGrantRequest(app.config, 'authorization_code', form))).toBe('invalid_request');
    });

    test('takes no code without its verifier, and the code stays good', async () => {
      const [app, browser] = [await stage.anApp(), await stage.loggedIn()];
      const back = await stage.consented(app, browser, await stage.ask(app));
      expect(await refusal(client.authorizationCodeGrant(app.config, back, { expectedState: STATE }))).toBe(
        'invalid_grant',
      );
      expect((await stage.redeem(app, back)).access_token).toBeTruthy();
    });

    test('takes no code of another client', async () => {
      const [app, other, browser] = [await stage.anApp(), await stage.anApp(), await stage.loggedIn()];
      const back = await stage.consented(app, browser, await stage.ask(app));
      expect(await refusal(stage.redeem(other, back))).toBe('invalid_grant');
    });

    test('takes a code once; whoever replays it ends its tokens, the refresh token too', async () => {
      const [app, browser] = [await stage.anApp(), await stage.loggedIn()];
      const asked = await stage.ask(app, 'openid offline_access PROJECT', { prompt: 'consent' });
      const back = await stage.consented(app, browser, asked);
      const { access_token: token, refresh_token: fresh = '' } = await stage.redeem(app, back);
      const areActive = () => Promise.all([stage.isActive(app, token), stage.isActive(app, fresh)]);
      expect(await areActive()).toEqual([true, true]);
      expect(await refusal(stage.redeem(app, back))).toBe('invalid_grant');
      expect(await areActive()).toEqual([false, false]);
      expect(await refusal(client.refreshTokenGrant(app.config, fresh))).toBe('invalid_grant');
    });

    test('gives fifty who come with one code at once one set of tokens, and it is good', async () => {
      const [app, browser] = [await stage.anApp(), await stage.loggedIn()];
      const code = String((await stage.consented(app, browser, await stage.ask(app))).searchParams.get('code'));
      const form = {
        grant_type: 'authorization_code',
        code,
        code_verifier: VERIFIER,
        redirect_uri: REDIRECT,
        client_id: app.appId,
        client_secret: app.credential.secretKey,
      };
      const url = new URL('/oauth/token', stage.api.address);
      const posts = await Promise.all(Array.from({ length: 50 }, () => latePost(url, form)));
      const answers = await Promise.all(posts.slice(0, 40).map((post) => post.finish()));
      // These come upon a code that is redeemed for sure, though they were there before.
      answers.push(...(await Promise.all(posts.slice(40).map((post) => post.finish()))));
      const [won, ...others] = answers.toSorted((one, other) => one.status - other.status);
      const lost = { status: 400, error: 'invalid_grant' };
      expect(others.map(({ status, body }) => ({ status, error: body['error'] }))).toEqual(others.map(() => lost));
      expect([won?.status, others.length]).toEqual([200, 49]);
      expect(await stage.isActive(app, String(won?.body['access_token']))).toBe(true);
    });

    test('takes no refresh token of another client, and it stays good', async () => {
      const [app, other, browser] = [await stage.anApp(), await stage.anApp(), await stage.loggedIn()];
      const token = String((await stage.tokens(app, browser)).refresh_token);
      expect(await refusal(client.refreshTokenGrant(other.config, token))).toBe('invalid_grant');
      expect((await client.refreshTokenGrant(app.config, token)).access_token).toBeTruthy();
    });

    test('tells no client of the tokens of another, and lets it revoke none', async () => {
      const [app, other, browser] = [await stage.anApp(), await stage.anApp(), await stage.loggedIn()];
      const { access_token: token } = await stage.tokens(app, browser);
      expect(await client.tokenIntrospection(other.config, token)).toEqual({ active: false });
      await client.tokenRevocation(other.config, token);
      expect(await stage.isActive(app, token)).toBe(true);
    });

    test('lets the whole family die when a refresh token comes back that was used', async () => {
      const [app, browser] = [await stage.anApp(), await stage.loggedIn()];
      const { refresh_token: old = '' } = await stage.tokens(app, browser);
      const { refresh_token: fresh = '' } = await client.refreshTokenGrant(app.config, old);
      expect(await refusal(client.refreshTokenGrant(app.config, old))).toBe('invalid_grant');
      expect(await refusal(client.refreshTokenGrant(app.config, fresh))).toBe('invalid_grant');
    });

    test('lets the whole family die when one refresh token comes ten times at once', async () => {
      const [app, browser] = [await stage.anApp(), await stage.loggedIn()];
      const { access_token: first, refresh_token: token = '' } = await stage.tokens(app, browser);
      const form = {
        grant_type: 'refresh_token',
        refresh_token: token,
        client_id: app.appId,
        client_secret: app.credential.secretKey,
      };
      const url = new URL('/oauth/token', stage.api.address);
      const posts = await Promise.all(Array.from({ length: 10 }, () => latePost(url, form)));
      const answers = await Promise.all(posts.map((post) => post.finish()));
      const won = answers.flatMap(({ status, body }) => (status === 200 ? [body] : []));
      expect(won.length).toBeLessThanOrEqual(1);
      for (const given of [first, ...won.flatMap((body) => [body['access_token'], body['refresh_token']])])
        expect(await stage.isActive(app, String(given))).toBe(false);
    });
  });
}
