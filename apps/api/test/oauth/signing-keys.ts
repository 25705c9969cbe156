import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { freshFolder, startApi } from '../api-process.js';
import type { Stage } from './stage.js';

/** What processes share that share a database. */
export function signingKeys(stage: Stage): void {
  describe('the keys that sign', () => {
    test('are the same in a process that shares no folder: they lie in the database alone', async () => {
      const { cwd, env } = stage.setting;
      const data = join(cwd, 'data');
      const keyIn = async (file: string) => (await readFile(join(data, file), 'utf8')).trim();
      const away = freshFolder();
      const other = await startApi({
        cwd: away.cwd,
        env: {
          CLAVIGER_DATABASE_URL: `sqlite:${join(data, 'claviger.db')}`,
          ...env,
          CLAVIGER_KEYS_DIR: join(away.cwd, 'keys'),
          CLAVIGER_AUTH_PEPPER: await keyIn('pepper.key'),
          CLAVIGER_AUTH_ACCESS_TOKEN_SECRET: await keyIn('access-token.key'),
        },
      });
      await other.logged('ready');
      const jwksOf = async ({ address }: { address: string }) => (await fetch(`${address}/oauth/jwks`)).json();
      const [here, there] = await Promise.all([jwksOf(stage.api), jwksOf(other)]);
      expect(here).toMatchObject({ keys: [{ kid: expect.any(String), alg: 'RS256' }] });
      expect(there).toEqual(here);
      await other.stop();
      expect(await readdir(away.cwd)).toEqual([]);
      expect((await readdir(data)).filter((file) => file.endsWith('.key'))).toHaveLength(2);
      away.remove();
    });
  });
}
