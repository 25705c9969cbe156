import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import { contentsOf } from '../database-contents.js';
import { refusal, type App, type Stage } from './stage.js';

/** What passes through and stays nowhere. */
export function secrets(stage: Stage): void {
  const address = (path: string) => `${stage.api.address}/oauth${path}`;

  /** What clients do that are not well written: each thing at a place where it does not belong. */
  const mistakes = async ({ appId }: App, secret: string, tokens: readonly string[]) => {
    const [token = ''] = tokens;
    const form = new URLSearchParams({ client_id: appId, client_secret: secret, token, code: token });
    const post = (path: string, init: RequestInit) => fetch(address(path), { method: 'POST', ...init });
    await Promise.all([
      fetch(`${address('/token')}?${form.toString()}`),
      fetch(`${address('/auth')}?${form.toString()}`, { headers: { accept: 'text/html' } }),
      fetch(`${address('/me')}?access_token=${token}`),
      fetch(address(`/${token}`)),
      fetch(address(`/auth/${token}`)),
      post('/token', { body: form }),
      post('/token', { body: JSON.stringify({ client_secret: secret, code: token }) }),
      post('/token', { body: form, headers: { authorization: `Basic ${secret}` } }),
      post('/token', { body: form, headers: { authorization: `Bearer ${token}` } }),
      post('/token', { body: new URLSearchParams({ grant_type: token, client_id: secret, client_secret: secret }) }),
      post('/token/introspection', { body: new URLSearchParams([...form, ['token', token]]) }),
    ]);
  };

  describe('no code, token or secret', () => {
    test('is in the database or the log after all that is done with them', async () => {
      const [app, browser] = [await stage.anApp(), await stage.loggedIn()];
      const asked = await stage.ask(app, 'openid offline_access PROJECT', { prompt: 'consent' });
      const back = await stage.consented(app, browser, asked);
      const first = await stage.redeem(app, back);
      const second = await client.refreshTokenGrant(app.config, String(first.refresh_token));
      const unused = await stage.consented(app, browser, asked);
      const codes = [back, unused].map(({ searchParams }) => String(searchParams.get('code')));
      const tokens = [first, second].flatMap((one) => [one.access_token, String(one.refresh_token)]);
      const { secretKey } = app.credential;
      expect(await stage.serves(second.access_token)).toBe(true);
      await mistakes(app, secretKey, [...tokens, ...codes]);

      const contents = [await contentsOf(stage.setting)];
      // What is replayed is removed, and what is removed may still lie in a file.
      expect(await refusal(stage.redeem(app, back))).toBe('invalid_grant');
      contents.push(await contentsOf(stage.setting), stage.api.printed.stdout, stage.api.printed.stderr);

      const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
      // So the right place was looked at.
      expect(contents[0]).toContain(hashOf(second.access_token));
      expect(stage.api.printed.stdout).toContain('/oauth/token');
      const basic = Buffer.from(`${app.appId}:${secretKey}`).toString('base64');
      const idTokens = [first, second].flatMap(({ id_token: one = '' }) => (one === '' ? [] : [one]));
      const all = [...codes, ...tokens, ...idTokens, secretKey, basic];
      expect(all.every((one) => one.length > 40)).toBe(true);
      // The first characters of a key may be shown.
      const shown = all.filter((one) => contents.some((content) => content.includes(one.slice(9))));
      expect(shown).toEqual([]);
    });
  });
}
