import { describe, expect, test } from '@jest/globals';
import { postFrom } from '../from-address.js';
import { REDIRECT, type Stage } from './stage.js';

/** What the keys of an account are counted in, see docs/configuration.md. */
const FAILURES = 20;

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

    test('that guesses its secret has to wait, right or wrong, and harms nobody at another address', async () => {
      const { appId, credential } = await stage.anApp();
      const [attacker, victim] = ['127.0.0.67', '127.0.0.8'];
      const asked = async (from: string, secret: string) => {
        const form = { token: 'none', client_id: appId, client_secret: secret };
        const { status } = await postFrom(from, `${stage.api.address}/oauth/token/introspection`, form);
        return status;
      };
      for (let i = 0; i < FAILURES; i++) expect(await asked(attacker, 'wrong')).toBe(401);
      expect(await asked(attacker, credential.secretKey)).toBe(429);
      expect(await asked(victim, credential.secretKey)).toBe(200);
    });
  });
}
