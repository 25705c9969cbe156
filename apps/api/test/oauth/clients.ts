import { describe, expect, test } from '@jest/globals';
import { postFrom } from '../from-address.js';
import { REDIRECT, type Stage } from './stage.js';

/** What the keys of an account are counted in, see docs/configuration.md. */
const FAILURES = 20;

/** Where a client proves itself. */
const PLACES = ['/token', '/token/introspection', '/token/revocation'] as const;

/** How clients say who they are. */
export function clients(stage: Stage): void {
  describe('a client', () => {
    test.each([
      ['homepage', { homepageUrl: 'javascript:alert(1)' }],
      ['homepage', { homepageUrl: 'data:text/html,x' }],
      ['picture', { avatarUrl: 'javascript:alert(1)' }],
      ['redirect address', { redirectUri: 'javascript:alert(1)' }],
      ['redirect address', { redirectUri: `${REDIRECT}#x` }],
      ['redirect address', { redirectUri: 'https://user@calendar.example/back' }],
    ])('has no %s that leads to a script or a disguise, neither at first nor later: %j', async (_what, url) => {
      const { appId } = await stage.anApp();
      const given = {
        authorizationGrantTypes: ['AUTHORIZATION_CODE'],
        homepageUrl: 'https://calendar.example/',
        redirectUri: REDIRECT,
        scope: ['PROJECT'],
        ...url,
      };
      const as = stage.admin;
      const root = '/auth/api/account';
      const refused = [
        await stage.api.call('POST', `${root}/create`, { as, body: { ...given, appId: 'disguised' } }),
        await stage.api.call('PUT', `${root}/update`, { as, body: { ...given, appId } }),
      ];
      expect(refused.map(({ status, body }) => [status, body.code])).toEqual([
        [400, 250105],
        [400, 250105],
      ]);
    });

    test('that guesses its secret, here and there, has to wait, right or wrong, and harms nobody at another address', async () => {
      const { appId, credential } = await stage.anApp();
      const [attacker, victim] = ['127.0.0.67', '127.0.0.8'];
      const asked = async (from: string, place: string, secret: string) => {
        const form = { token: 'none', client_id: appId, client_secret: secret };
        const refresh = { grant_type: 'refresh_token', refresh_token: 'none' };
        const { status } = await postFrom(from, `${stage.api.address}/oauth${place}`, { ...form, ...refresh });
        return status;
      };
      const everywhere = async (from: string, secret: string) => {
        const statuses: number[] = [];
        for (const place of PLACES) statuses.push(await asked(from, place, secret));
        return statuses;
      };
      // Each place alone would still listen.
      for (let i = 0; i < FAILURES; i++)
        expect(await asked(attacker, PLACES[i % PLACES.length] ?? '', 'wrong')).toBe(401);
      expect(await everywhere(attacker, credential.secretKey)).toEqual([429, 429, 429]);
      expect(await everywhere(attacker, 'wrong')).toEqual([429, 429, 429]);
      expect(await everywhere(victim, credential.secretKey)).toEqual([400, 200, 200]);
    });
  });
}
