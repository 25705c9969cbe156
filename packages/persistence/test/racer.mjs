// Another process on the same database: opens it, tells what it migrated, and does what it is told.
import { raceCreates, withdraw } from '@claviger/testing';
import { openDatabase } from '../dist/index.js';

const [url, racer] = process.argv.slice(2);
const database = await openDatabase({ url, migrate: 'auto', startTimeout: 10_000 });
process.send({ migrated: database.migrated });

process.on('message', async (message) => {
  if (message.task === 'creates') process.send(await raceCreates(database, Number(racer), message.rounds));
  if (message.task === 'withdraw') process.send(await withdraw(database, message.appId, message.accessKey));
});

process.on('disconnect', async () => {
  await database.close();
  process.exit(0);
});
