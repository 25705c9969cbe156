// Another process that counts failures in the same place and tells how long the next attempt has to wait.
import { once } from 'node:events';
import { openLimits } from '../dist/index.js';

const [{ place, secret, times, attempt }] = await once(process, 'message');
const failures = { perKeyAndAddress: 20, perAddress: 100, window: 60_000 };
const limits = await openLimits({ place, secret, failures, requests: null, onStore: () => undefined });
for (let i = 0; i < times; i++) await limits.failures.failed(attempt);
process.send({ wait: limits.failures.waitOf(attempt) });
await once(process, 'disconnect');
await limits.close();
