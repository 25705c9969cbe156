import { databaseContract } from '@claviger/testing/contracts';
import { startPostgres, type TestServer } from '@claviger/testing/postgres';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { openDatabase, type Database } from '../src/index.js';
import { emptied } from './empty-database.js';
import { racesOn } from './races.js';

describe('the database on PostgreSQL', () => {
  let server: TestServer;
  let database: Database;

  beforeAll(async () => {
    server = await startPostgres();
    const { url } = await server.freshDatabase();
    database = await openDatabase({ url, migrate: 'auto', startTimeout: 0 });
  });

  afterAll(async () => {
    await database.close();
    await server.stop();
  });

  databaseContract(() => emptied(database));

  racesOn(async () => (await server.freshDatabase()).url, 15);
});
