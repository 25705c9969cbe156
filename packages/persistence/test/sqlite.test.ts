import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseContract } from '@claviger/testing/contracts';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { openDatabase, type Database } from '../src/index.js';
import { emptied } from './empty-database.js';
import { racesOn } from './races.js';

describe('the database on SQLite', () => {
  let folder: string;
  let database: Database;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'claviger-'));
    database = await openDatabase({ url: `sqlite:${join(folder, 'claviger.db')}`, migrate: 'auto', startTimeout: 0 });
  });

  afterAll(async () => {
    await database.close();
    await rm(folder, { recursive: true });
  });

  databaseContract(() => emptied(database));

  racesOn(async () => `sqlite:${join(folder, 'races.db')}`, 15);
});
