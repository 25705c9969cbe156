// Another process on the same database: opens it, tells what it migrated, and does what it is told.
import { on } from 'node:events';
import { createForEver, raceCreates, withdraw } from '@claviger/testing';
import { openDatabase } from '../dist/index.js';
import { openSqlite } from '../dist/sqlite-engine.js';
import { SqliteJobRunner } from '../dist/sqlite-job-runner.js';

const [url, number] = process.argv.slice(2);
const racer = Number(number);
const database = await openDatabase({ url, migrate: 'auto', startTimeout: 10_000 });

const tasks = {
  creates: ({ rounds }) => raceCreates(database, racer, rounds),
  withdraw: ({ appId, accessKey }) => withdraw(database, appId, accessKey),
  createForEver: () => createForEver(database, racer, (appId) => process.send(appId)),
  runJobsForEver: async ({ lease }) => {
    const path = url.startsWith('sqlite:') ? url.slice('sqlite:'.length) : null;
    const jobs = path ? new SqliteJobRunner(await openSqlite(path, 1_000), lease) : database.jobs;
    const deliver = ({ webhookId }) => {
      process.send(webhookId);
      return new Promise(() => undefined);
    };
    const given = { ending: new Promise(() => undefined), concurrency: 1, onFailure: () => undefined };
    return jobs.run({ deliver }, given);
  },
};

const questions = on(process, 'message', { close: ['disconnect'] });
process.send({ migrated: database.migrated });
for await (const [question] of questions) process.send(await tasks[question.task](question));
await database.close();
