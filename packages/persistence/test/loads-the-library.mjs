// Adds a job, then runs jobs, and tells after which of the two the library is there that runs them.
import { createRequire } from 'node:module';
import { aJob } from '@claviger/testing';
import { openDatabase } from '../dist/index.js';

const isLoaded = () =>
  Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes('/graphile-worker/'));

const database = await openDatabase({ url: process.argv[2], migrate: 'auto', startTimeout: 10_000 });
await database.unitOfWork.run(({ jobs }) => jobs.add(aJob()));
const whenAdding = isLoaded();
let end;
const ending = new Promise((resolve) => (end = resolve));
await database.jobs.run({ deliver: async () => end() }, { ending, concurrency: 1, onFailure: () => end() });
process.send({ whenAdding, whenRunning: isLoaded() });
await database.close();
process.disconnect();
