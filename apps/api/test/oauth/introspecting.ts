import { describe, expect, test } from '@jest/globals';
import type { App, Stage } from './stage.js';

/** What a client learns of a token: by the short way that is usual, as by the library's. */
export function introspecting(stage: Stage): void {
  const ask = async ({ appId, credential }: App, token: string, { more = '', secret = credential.secretKey } = {}) => {
    const authorization = `Basic ${Buffer.from(`${appId}:${secret}`).toString('base64')}`;
    const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
    const body = `token=${token}${more}`;
    const answer = await fetch(`${stage.api.address}/oauth/token/introspection`, { method: 'POST', headers, body });
    const told = Object.fromEntries([...answer.headers].filter(([name]) => name !== 'date'));
    return { status: answer.status, headers: told, text: await answer.text() };
  };

  /** With a parameter that nobody knows the short way does not begin. */
  const bothWays = async (app: App, token: string, options: { secret?: string } = {}) => {
    const short = await ask(app, token, options);
    expect(await ask(app, token, { ...options, more: '&unknown=1' })).toEqual(short);
    return short;
  };

  describe('introspection', () => {
    test('tells a client of its token what the library tells, letter by letter', async () => {
      const [app, browser] = [await stage.anApp(), await stage.loggedIn()];
      for (const scope of ['openid PROJECT', 'openid offline_access PROJECT REPO', 'PROJECT']) {
        const { access_token: token } = await stage.tokens(app, browser, scope);
        const { status, text } = await bothWays(app, token);
        expect([status, JSON.parse(text)]).toEqual([
          200,
          expect.objectContaining({ active: true, client_id: app.appId, sub: 'alice', token_type: 'Bearer' }),
        ]);
        expect(await ask(app, token, { more: '&token_type_hint=access_token' })).toMatchObject({ status, text });
      }
    });

    test('tells of no other token than that it is not active, and to nobody without the secret even that', async () => {
      const [app, other, browser] = [await stage.anApp(), await stage.anApp(), await stage.loggedIn()];
      const { access_token: token, refresh_token: refresh = '' } = await stage.tokens(app, browser);
      const inactive = { status: 200, text: '{"active":false}' };
      expect(await bothWays(other, token)).toMatchObject(inactive);
      expect(await bothWays(app, 'x'.repeat(43))).toMatchObject(inactive);
      expect(JSON.parse((await bothWays(app, refresh)).text)).toMatchObject({ active: true, client_id: app.appId });
      expect(await bothWays(app, token, { secret: 'wrong' })).toMatchObject({ status: 401 });

      const as = stage.admin;
      const { status } = await stage.api.call('PUT', '/auth/api/account/update', {
        as,
        body: {
          appId: app.appId,
          authorizationGrantTypes: ['AUTHORIZATION_CODE'],
          homepageUrl: 'https://calendar.example/',
          redirectUri: 'https://calendar.example/back',
          scope: ['REPO'],
        },
      });
      expect(status).toBe(200);
      const { scope } = JSON.parse((await bothWays(app, token)).text) as { scope: string };
      expect(scope.split(' ')).not.toContain('PROJECT');
      await stage.api.call('DELETE', `/auth/api/account/delete/${app.appId}`, { as });
      expect(await bothWays(app, token)).toMatchObject({ status: 401 });
    });
  });
}
