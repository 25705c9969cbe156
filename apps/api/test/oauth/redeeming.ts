import { describe, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import { refusal, STATE, type Stage } from './stage.js';

/** Codes and refresh tokens: each is good for one application, once. */
export function redeeming(stage: Stage): void {
  describe('redeeming', () => {
    test('takes no wrong verifier, and the code stays good', async () => {
      const [app, browser] = [await stage.anApp(), await stage.loggedIn()];
      const back = await stage.consented(app, browser, await stage.ask(app));
      const wrong = { pkceCodeVerifier: client.randomPKCECodeVerifier(), expectedState: STATE };
      expect(await refusal(client.authorizationCodeGrant(app.config, back, wrong))).toBe('invalid_grant');
      expect((await stage.redeem(app, back)).access_token).toBeTruthy();
    });

    test('takes no code of another client', async () => {
      const [app, other, browser] = [await stage.anApp(), await stage.anApp(), await stage.loggedIn()];
      const back = await stage.consented(app, browser, await stage.ask(app));
      expect(await refusal(stage.redeem(other, back))).toBe('invalid_grant');
    });

    test('takes a code once; whoever replays it ends its tokens', async () => {
      const [app, browser] = [await stage.anApp(), await stage.loggedIn()];
      const back = await stage.consented(app, browser, await stage.ask(app));
      const { access_token: token } = await stage.redeem(app, back);
      expect(await stage.isActive(app, token)).toBe(true);
      expect(await refusal(stage.redeem(app, back))).toBe('invalid_grant');
      expect(await stage.isActive(app, token)).toBe(false);
    });

    test('gives one set of tokens to fifty who come with one code at once', async () => {
      const [app, browser] = [await stage.anApp(), await stage.loggedIn()];
      const back = await stage.consented(app, browser, await stage.ask(app));
      const answers = await Promise.all(Array.from({ length: 50 }, () => refusal(stage.redeem(app, back))));
      expect(answers.filter((error) => error === 'invalid_grant').length).toBe(49);
    });

    test('lets the whole family die when a refresh token comes back that was used', async () => {
      const [app, browser] = [await stage.anApp(), await stage.loggedIn()];
      const { refresh_token: old = '' } = await stage.tokens(app, browser);
      const { refresh_token: fresh = '' } = await client.refreshTokenGrant(app.config, old);
      expect(await refusal(client.refreshTokenGrant(app.config, old))).toBe('invalid_grant');
      expect(await refusal(client.refreshTokenGrant(app.config, fresh))).toBe('invalid_grant');
    });
  });
}
