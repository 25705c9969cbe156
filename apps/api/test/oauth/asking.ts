import { beforeAll, describe, expect, test } from '@jest/globals';
import type { BrowserStandIn } from '../browser-stand-in.js';
import { REDIRECT, STATE, type App, type Stage } from './stage.js';

/** Addresses that look as if they were the application's, or lead elsewhere. */
const NOT_THE_REDIRECT: readonly string[] = [
  '',
  '/back',
  '//calendar.example/back',
  ` ${REDIRECT}`,
  `${REDIRECT}/`,
  `${REDIRECT}?x=1`,
  `${REDIRECT}?`,
  `${REDIRECT}#`,
  `${REDIRECT}#x`,
  `${REDIRECT}\n`,
  `${REDIRECT}\0`,
  `${REDIRECT} https://evil.example/`,
  `${REDIRECT},https://evil.example/`,
  'https://calendar.example/',
  'https://calendar.example/BACK',
  'https://calendar.example/%62ack',
  'https://calendar.example/ba\tck',
  'https://calendar.example/x/../back',
  'https://calendar.example//back',
  'http://calendar.example/back',
  'HTTPS://calendar.example/back',
  'https://CALENDAR.example/back',
  'https://calendar.example./back',
  'https://calendar。example/back',
  'https://calendar.example:443/back',
  'https://calendar.example:444/back',
  'https://user@calendar.example/back',
  'https://calendar.example@evil.example/back',
  'https://calendar.example:x@[::ffff:c000:201]/back',
  'https://calendar.example.evil.example/back',
  String.raw`https:\\calendar.example\back`,
  String.raw`https://evil.example\@calendar.example/back`,
  'https://[::1]/back',
  'https://evil.example/',
  'javascript:alert(1)',
  'data:text/html,evil',
];

/** What an application may not ask for. */
export function asking(stage: Stage): void {
  describe('asking', () => {
    let app: App;
    let browser: BrowserStandIn;
    beforeAll(async () => {
      [app, browser] = [await stage.anApp(), await stage.loggedIn()];
    });

    test.each([
      ['without PKCE', { code_challenge: '', code_challenge_method: '' }, 'invalid_request'],
      ['with the plain method', { code_challenge_method: 'plain' }, 'invalid_request'],
      ['with a method that is not said', { code_challenge_method: '' }, 'invalid_request'],
      ['for a token without a code', { response_type: 'token' }, 'unsupported_response_type'],
      ['for an answer in a form', { response_mode: 'form_post' }, 'unsupported_response_mode'],
      ['for an answer in the fragment', { response_mode: 'fragment' }, 'unsupported_response_mode'],
      ['for an answer in a way that nobody knows', { response_mode: 'pigeon' }, 'unsupported_response_mode'],
      ['for more than the account may', { scope: 'openid NODE' }, 'invalid_scope'],
    ])('is refused %s', async (_how, more, error) => {
      const asked = await stage.ask(app, 'openid', more);
      for (const [name, value] of Object.entries(more)) if (value === '') asked.searchParams.delete(name);
      const { left } = await browser.follow(asked.href);
      // Who asks for tokens looks for the answer in the fragment.
      const answer = new URLSearchParams(left?.search || left?.hash.slice(1));
      expect(Object.fromEntries(answer)).toMatchObject({ error, state: STATE, iss: `${stage.api.address}/oauth` });
    });

    const expectToStay = async (asked: URL) => {
      const { left, last } = await browser.follow(asked.href);
      expect({ left, status: last.status }).toEqual({ left: null, status: 400 });
      expect(await last.text()).not.toMatch(/evil|alert/);
      expect(last.headers.get('content-security-policy')).toContain("default-src 'none'");
    };

    test.each(NOT_THE_REDIRECT)('sends nobody to %j', async (redirect) => {
      await expectToStay(await stage.ask(app, 'openid', { redirect_uri: redirect }));
    });

    test.each([
      ['none', []],
      ['two, the right one first', [REDIRECT, 'https://evil.example/']],
      ['two, the right one last', ['https://evil.example/', REDIRECT]],
    ])('sends nobody anywhere who gives %s', async (_how, given) => {
      const asked = await stage.ask(app);
      asked.searchParams.delete('redirect_uri');
      for (const one of given) asked.searchParams.append('redirect_uri', one);
      await expectToStay(asked);
    });
  });
}
