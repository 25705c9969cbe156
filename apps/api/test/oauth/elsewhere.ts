import { beforeAll, describe, expect, test } from '@jest/globals';
import { startApi, type ApiProcess } from '../api-process.js';
import { postFrom } from '../from-address.js';
import { bearer, PASSWORD } from '../known-user.js';
import { everyEnd, isOfAll } from './ends.js';
import { REDIRECT, VERIFIER, type App, type Stage } from './stage.js';

/** Within this many milliseconds one process knows what ended at another. */
const SOON = 1000;

/** What a second process knows. */
export function elsewhere(stage: Stage): void {
  describe('at another process', () => {
    let other: ApiProcess;
    beforeAll(async () => {
      other = await startApi(stage.setting);
      await other.logged('ready');
    });

    const post = async ({ appId, credential }: App, path: string, form: Record<string, string>) => {
      const all = { client_id: appId, client_secret: credential.secretKey, ...form };
      const { text } = await postFrom('127.0.0.1', `${other.address}/oauth${path}`, all);
      return JSON.parse(text) as { readonly active?: boolean; readonly error?: string };
    };
    const isActive = async (app: App, token: string) =>
      (await post(app, '/token/introspection', { token })).active === true;
    const opens = async (path: string, token: string) => {
      const { status } = await other.call('GET', path, { as: bearer(token) });
      expect([200, 401]).toContain(status);
      return status === 200;
    };

    const ENDS = everyEnd(stage).filter(({ how }) => /is locked|uninstalls/.test(how));

    test.each(ENDS)(
      'nothing of a pair is good any more when $how; others’ is unless that is the end of all',
      async (end) => {
        const userId = `elsewhere-${ENDS.indexOf(end)}`;
        const user = { userId, password: PASSWORD, admin: true };
        await stage.api.call('POST', '/auth/api/user/create', { as: stage.admin, body: user });
        const [app, browser, bobs] = [await stage.anApp(), await stage.loggedIn(userId), await stage.loggedIn('bob')];
        const mine = await stage.tokens(app, browser, 'openid offline_access SYSTEM');
        const theirs = await stage.tokens(app, bobs);
        const pending = await stage.consented(app, browser, await stage.ask(app, 'openid SYSTEM'));
        const ofMine = [
          () => opens('/auth/api/account/own/list', mine.access_token),
          () => opens('/oauth/me', mine.access_token),
          () => isActive(app, mine.access_token),
          () => isActive(app, String(mine.refresh_token)),
        ];
        const ofTheirs = [() => opens('/oauth/me', theirs.access_token), () => isActive(app, theirs.access_token)];
        const all = [...ofMine, ...ofTheirs];
        expect(await Promise.all(all.map((isGood) => isGood()))).toEqual(all.map(() => true));

        expect((await end.done(app, userId, browser)).status).toBe(200);
        const ended = Date.now();
        // What would write is told by the database itself, and so at once.
        const refresh = { grant_type: 'refresh_token', refresh_token: String(mine.refresh_token) };
        const redeem = {
          grant_type: 'authorization_code',
          code: String(pending.searchParams.get('code')),
          code_verifier: VERIFIER,
          redirect_uri: REDIRECT,
        };
        for (const form of [refresh, redeem])
          expect(await post(app, '/token', form)).toMatchObject({ error: end.refused });
        /** Milliseconds from the end to the refusal, or to where it should have come. */
        const lasted = async (isGood: () => Promise<boolean>) => {
          while ((await isGood()) && Date.now() - ended < SOON);
          return Date.now() - ended;
        };
        const [dead, alive] = isOfAll(end) ? [all, []] : [ofMine, ofTheirs];
        expect(Math.max(...(await Promise.all(dead.map(lasted))))).toBeLessThan(SOON);
        for (const isGood of alive) expect(await isGood()).toBe(true);
      },
    );
  });
}
