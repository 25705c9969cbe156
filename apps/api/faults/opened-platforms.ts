import type { Platform } from '@claviger/application';
import { configWith, openPlatform, type Config } from '@claviger/composition';
import type { Clock } from '@claviger/domain';
import { startPostgres, type TestServer } from '@claviger/testing/postgres';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { freshFolder } from '../test/api-process.js';

/** Opens platforms as they are in production, but in this process: so many on one empty database. */
export type OpenFresh = (count: number, given?: { clock?: Clock; guarded?: boolean }) => Promise<readonly Platform[]>;

/** The same tests with SQLite and with PostgreSQL below the platform; what they open is closed after them. */
export function onOpenedPlatforms(tests: (openFresh: OpenFresh, database: 'SQLite' | 'PostgreSQL') => void): void {
  describe('on SQLite', () => {
    tests(
      opening(async () => ({})),
      'SQLite',
    );
  });

  describe('on PostgreSQL', () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await startPostgres();
    }, 60_000);
    afterAll(() => server.stop());
    tests(
      opening(async () => ({ 'database.url': (await server.freshDatabase()).url })),
      'PostgreSQL',
    );
  });
}

function opening(configFor: () => Promise<Partial<Config>>): OpenFresh {
  const ends: (() => unknown)[] = [];
  afterAll(async () => {
    for (const end of ends.splice(0)) await end();
  });
  return async (count, given = {}) => {
    const { cwd, remove } = freshFolder();
    ends.push(remove);
    const config = configWith({ 'database.url': `sqlite:${cwd}/claviger.db`, 'keys.dir': cwd, ...(await configFor()) });
    const platforms: Platform[] = [];
    while (platforms.length < count) {
      const { platform, close } = await openPlatform(config, undefined, given);
      // Closed before the folder goes.
      ends.unshift(close);
      platforms.push(platform);
    }
    return platforms;
  };
}
