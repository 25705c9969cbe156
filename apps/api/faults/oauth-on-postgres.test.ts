import { startPostgres, type TestServer } from '@claviger/testing/postgres';
import { afterAll, beforeAll } from '@jest/globals';
import { everySubject } from '../test/oauth/every-subject.js';

let postgres: TestServer;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

everySubject('PostgreSQL', async () => ({ CLAVIGER_DATABASE_URL: (await postgres.freshDatabase()).url }));
