import { describe, expect, test } from '@jest/globals';
import * as client from 'openid-client';
import type { BrowserStandIn } from '../browser-stand-in.js';
import { refusal, type App, type Stage } from './stage.js';

/** What is done to whom; `undone` takes it back, where it can be. */
export interface End {
  readonly how: string;
  readonly done: (app: App, userId: string, browser: BrowserStandIn) => Promise<{ readonly status: number }>;
  readonly undone?: (app: App, userId: string) => Promise<{ readonly status: number }>;
  /** What the client hears that asks for tokens, while it lasts. */
  readonly refused: string;
}

/** It ends what everybody let the application do, not one user alone. */
export function isOfAll({ refused }: End): boolean {
  return refused === 'invalid_client';
}

/** All that ends tokens and codes. */
export function everyEnd(stage: Stage): readonly End[] {
  const { update, lock, remove } = changesOn(stage);
  return [
    {
      how: 'the account is locked',
      done: (app) => update(app, { locked: true }),
      undone: (app) => update(app, { locked: false }),
      refused: 'invalid_client',
    },
    {
      how: 'the account is no longer one that users authorize',
      done: (app) => update(app, { authorizationGrantTypes: ['PLATFORM'] }),
      refused: 'invalid_client',
    },
    {
      how: 'the account is deleted',
      done: ({ appId }) => remove(`/auth/api/account/delete/${appId}`),
      refused: 'invalid_client',
    },
    {
      how: 'the user is locked',
      done: (_app, userId) => lock(userId, true),
      undone: (_app, userId) => lock(userId, false),
      refused: 'invalid_grant',
    },
    {
      how: 'the user is deleted',
      done: (_app, userId) => remove(`/auth/api/user/delete/${userId}`),
      refused: 'invalid_grant',
    },
    {
      how: 'the user uninstalls the application',
      done: ({ appId }, _userId, browser) =>
        browser.request(`/auth/api/account/uninstall/${appId}`, {
          method: 'DELETE',
          headers: { 'sec-fetch-site': 'same-origin' },
        }),
      refused: 'invalid_grant',
    },
  ];
}

/** What an admin changes. */
function changesOn(stage: Stage) {
  const put = (path: string, body: object) => stage.api.call('PUT', path, { as: stage.admin, body });
  return {
    put,
    remove: (path: string) => stage.api.call('DELETE', path, { as: stage.admin }),
    update: ({ appId }: App, more: object) =>
      put('/auth/api/account/update', { appId, authorizationGrantTypes: ['AUTHORIZATION_CODE'], ...more }),
    lock: (userId: string, locked: boolean) => put('/auth/api/user/update', { userId, locked }),
  };
}

/** What ends tokens, codes and clients. */
export function ends(stage: Stage): void {
  const { put, update } = changesOn(stage);
  const ENDS = everyEnd(stage);

  describe('the end', () => {
    test.each(ENDS)('of tokens and codes is at once when $how, and nobody else’s', async (end) => {
      const userId = `user-${ENDS.indexOf(end)}`;
      await stage.aUser(userId);
      const [app, browser, bobs] = [await stage.anApp(), await stage.loggedIn(userId), await stage.loggedIn('bob')];
      const [mine, theirs] = [await stage.tokens(app, browser), await stage.tokens(app, bobs)];
      const pending = await stage.consented(app, browser, await stage.ask(app));
      expect(await stage.serves(mine.access_token)).toBe(true);

      expect((await end.done(app, userId, browser)).status).toBe(200);
      expect(await stage.serves(mine.access_token)).toBe(false);
      expect(await stage.serves(theirs.access_token)).toBe(!isOfAll(end));
      const refused = async () => [
        await refusal(client.refreshTokenGrant(app.config, String(mine.refresh_token))),
        await refusal(stage.redeem(app, pending)),
      ];
      expect(await refused()).toEqual([end.refused, end.refused]);
      if (!isOfAll(end)) expect(await stage.isActive(app, theirs.access_token)).toBe(true);

      if (!end.undone) return;
      expect((await end.undone(app, userId)).status).toBe(200);
      expect(await refused()).toEqual(['invalid_grant', 'invalid_grant']);
      expect(await stage.isActive(app, mine.access_token)).toBe(false);
    });

    test('of a credential is the end of what it can redeem, refresh, introspect and revoke', async () => {
      const [app, browser] = [await stage.anApp(), await stage.loggedIn()];
      const [tokens, back] = [
        await stage.tokens(app, browser),
        await stage.consented(app, browser, await stage.ask(app)),
      ];
      const { appId, credential } = app;
      const { status } = await put(`/auth/api/account/credential/${appId}/${credential.accessKey}/DISABLE`, {});
      expect(status).toBe(200);
      const refused = [
        await refusal(stage.redeem(app, back)),
        await refusal(client.refreshTokenGrant(app.config, String(tokens.refresh_token))),
        await refusal(client.tokenIntrospection(app.config, tokens.access_token)),
        await refusal(client.tokenRevocation(app.config, tokens.access_token)),
      ];
      expect(new Set(refused)).toEqual(new Set(['invalid_client']));
      // The user's word is not the credential's: another one of the account is as good as it was.
      expect(await stage.serves(tokens.access_token)).toBe(true);
    });

    test('of an unlocked account is the end of asking', async () => {
      const [app, browser] = [await stage.anApp(), await stage.loggedIn()];
      await update(app, { locked: true });
      expect((await browser.follow((await stage.ask(app)).href)).last.status).toBe(400);
    });
  });
}
