import { startPostgres, type TestServer } from '@claviger/testing/postgres';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { freshFolder, killAll, type Setting } from '../api-process.js';

export type FreshSetting = () => Promise<Required<Setting>>;

/** The same tests on both databases, each on as many empty ones as it wants. */
export function onBothDatabases(tests: (freshSetting: FreshSetting, database: 'SQLite' | 'PostgreSQL') => void): void {
  describe('on SQLite', () => {
    tests(
      freshSettings(async () => ({})),
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
      freshSettings(async () => ({ CLAVIGER_DATABASE_URL: (await server.freshDatabase()).url })),
      'PostgreSQL',
    );
  });
}

/** Folders that are cleared after the tests of this block, and whatever still runs there is ended. */
export function freshSettings(databaseEnv: () => Promise<Record<string, string>>): FreshSetting {
  const folders: ReturnType<typeof freshFolder>[] = [];
  afterAll(async () => {
    await killAll();
    for (const folder of folders) folder.remove();
  });
  return async () => {
    const folder = freshFolder();
    folders.push(folder);
    return { cwd: folder.cwd, env: await databaseEnv() };
  };
}
