import { describe, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import { REDIRECT, STATE, VERIFIER, type Stage } from './stage.js';

/** As the original console begins. */
export function oldConsole(stage: Stage): void {
  describe('the original console', () => {
    test('leads a browser to our consent, and to a code that is good only after that', async () => {
      const [app, browser] = [await stage.anApp(), await stage.loggedIn()];
      const asked = new URLSearchParams({
        client_id: app.appId,
        state: STATE,
        scope: 'openid PROJECT',
        code_challenge: await client.calculatePKCECodeChallenge(VERIFIER),
        code_challenge_method: 'S256',
      });
      const answer = await browser.request(`/ms/auth/api/oauth/authorize?${asked.toString()}`);
      const { data } = (await answer.json()) as { data: { redirectUrl: string; scope: readonly string[] } };
      const next = new URL(data.redirectUrl);
      expect(next.searchParams.has('code')).toBe(false);
      const back = await stage.consented(app, browser, next);
      expect(back.href.startsWith(`${REDIRECT}?code=`)).toBe(true);
      expect((await stage.redeem(app, back)).scope).toBe(data.scope.join(' '));
    });
  });
}
