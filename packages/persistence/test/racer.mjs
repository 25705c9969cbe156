// Another process on the same database: opens it, tells what it migrated, and does what it is told.
import { on } from 'node:events';
import { raceCreates, withdraw } from '@claviger/testing';
import { openDatabase } from '../dist/index.js';

const [url, racer] = process.argv.slice(2);
const database = await openDatabase({ url, migrate: 'auto', startTimeout: 10_000 });
const tasks = on(process, 'message', { close: ['disconnect'] });
process.send({ migrated: database.migrated });

for await (const [{ task, rounds, appId, accessKey }] of tasks)
  process.send(
    task === 'creates'
      ? await raceCreates(database, Number(racer), rounds)
      : await withdraw(database, appId, accessKey),
  );
await database.close();
