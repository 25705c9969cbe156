import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TokenEndpointResponse, TokenEndpointResponseHelpers } from 'openid-client';
import { REDIRECT, type App, type Stage } from './stage.js';

const PAGE = new URL('../../../../docs/how-to-let-users-authorize-your-application.md', import.meta.url);
/** Where its imports are found from. */
const HERE = fileURLToPath(new URL('../../dist/', import.meta.url));

type Tokens = TokenEndpointResponse & TokenEndpointResponseHelpers;

/** What the program on the page can do. */
interface Program {
  begin(session: object): Promise<URL>;
  finish(session: object, address: URL): Promise<Tokens>;
  refresh(refreshToken: string): Promise<Tokens>;
  leave(refreshToken: string): Promise<void>;
}

/** The program of the how-to, as it stands on its page. */
export function howTo(stage: Stage): void {
  describe('the program of docs/how-to-let-users-authorize-your-application.md', () => {
    let folder: string;
    let app: App;
    let program: Program;

    beforeAll(async () => {
      folder = mkdtempSync(join(HERE, 'how-to-'));
      app = await stage.anApp();
      const settings = { ISSUER: `${stage.api.address}/oauth`, REDIRECT_URI: REDIRECT };
      Object.assign(process.env, settings, { APP_ID: app.appId, SECRET_KEY: app.credential.secretKey });
      const blocks = [...readFileSync(PAGE, 'utf8').matchAll(/^```js\n(.+?)^```$/gms)].map(([, block = '']) => block);
      expect(blocks[0]?.trimEnd().split('\n')).toHaveLength(10);
      const file = join(folder, 'client.mjs');
      writeFileSync(file, blocks.join(''));
      program = (await import(pathToFileURL(file).href)) as Program;
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    test('comes from its first request to the user, to new tokens, and ends them', async () => {
      const [session, browser] = [{}, await stage.loggedIn()];
      const back = await stage.consented(app, browser, await program.begin(session));
      const tokens = await program.finish(session, back);
      expect(tokens.claims()?.sub).toBe('alice');
      expect(tokens.scope).toBe('openid offline_access PROJECT');
      const refreshed = await program.refresh(String(tokens.refresh_token));
      expect(await stage.isActive(app, refreshed.access_token)).toBe(true);
      await program.leave(String(refreshed.refresh_token));
      expect(await stage.isActive(app, refreshed.access_token)).toBe(false);
    });

    test('hears that the user said no, and takes nothing that was meant for another browser', async () => {
      const [session, browser] = [{}, await stage.loggedIn()];
      const refused = await stage.consented(app, browser, await program.begin(session), false);
      await expect(program.finish(session, refused)).rejects.toMatchObject({ error: 'access_denied' });
      const back = await stage.consented(app, browser, await program.begin(session));
      const other = {};
      await program.begin(other);
      await expect(program.finish(other, back)).rejects.toMatchObject({ code: 'OAUTH_INVALID_RESPONSE' });
      expect((await program.finish(session, back)).claims()?.sub).toBe('alice');
    });
  });
}
