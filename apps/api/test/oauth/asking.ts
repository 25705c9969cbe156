import { describe, expect, test } from '@jest/globals';
import { REDIRECT, STATE, type Stage } from './stage.js';

/** What an application may not ask for. */
export function asking(stage: Stage): void {
  describe('asking', () => {
    test.each([
      ['without PKCE', { code_challenge: '', code_challenge_method: '' }, 'invalid_request'],
      ['with the plain method', { code_challenge_method: 'plain' }, 'invalid_request'],
      ['for a token without a code', { response_type: 'token' }, 'unsupported_response_type'],
      ['for an answer in a form', { response_mode: 'form_post' }, 'unsupported_response_mode'],
      ['for an answer in the fragment', { response_mode: 'fragment' }, 'unsupported_response_mode'],
      ['for an answer in a way that nobody knows', { response_mode: 'pigeon' }, 'unsupported_response_mode'],
      ['for more than the account may', { scope: 'openid NODE' }, 'invalid_scope'],
    ])('is refused %s', async (_how, more, error) => {
      const [app, browser] = [await stage.anApp(), await stage.loggedIn()];
      const asked = await stage.ask(app, 'openid', more);
      for (const [name, value] of Object.entries(more)) if (value === '') asked.searchParams.delete(name);
      const { left } = await browser.follow(asked.href);
      // Who asks for tokens looks for the answer in the fragment.
      const answer = new URLSearchParams(left?.search || left?.hash.slice(1));
      expect(Object.fromEntries(answer)).toMatchObject({ error, state: STATE, iss: `${stage.api.address}/oauth` });
    });

    test.each([
      `${REDIRECT}/`,
      `${REDIRECT}?x=1`,
      'https://calendar.example/',
      'http://calendar.example/back',
      'https://calendar.example:444/back',
      'https://calendar.example@evil.example/back',
      'https://calendar.example.evil.example/back',
      'https://calendar.example/BACK',
      'https://calendar.example/x/../back',
      'https://evil.example/',
      'javascript:alert(1)',
      '',
    ])('sends nobody to %j', async (redirect) => {
      const [app, browser] = [await stage.anApp(), await stage.loggedIn()];
      const { left, last } = await browser.follow((await stage.ask(app, 'openid', { redirect_uri: redirect })).href);
      expect({ left, status: last.status }).toEqual({ left: null, status: 400 });
      const page = await last.text();
      expect(page).not.toContain('evil');
      expect(last.headers.get('content-security-policy')).toContain("default-src 'none'");
    });
  });
}
