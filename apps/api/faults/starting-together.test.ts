import { describe, expect, test } from '@jest/globals';
import { platformHeaders } from '../test/answer.js';
import { firstKeyPair, startApi } from '../test/api-process.js';
import { onBothDatabases } from '../test/processes/settings.js';
import { startWorker } from '../test/processes/worker-process.js';

onBothDatabases((freshSetting) => {
  describe('two API processes and a worker that start together on an empty database', () => {
    test('all get ready, and one of them tells the first secrets, which are good at both', async () => {
      const setting = await freshSetting();
      const worker = startWorker(setting);
      const [one, other] = await Promise.all([startApi(setting), startApi(setting)]);
      await Promise.all([one.logged('ready'), other.logged('ready'), worker.ready]);
      const answers = await Promise.race(
        [one, other].map(async (teller) => {
          const as = platformHeaders(await firstKeyPair(teller), 'admin');
          return Promise.all([one, other].map((api) => api.call('GET', '/auth/api/account/list', { as })));
        }),
      );
      for (const answer of answers)
        expect(answer).toMatchObject({ status: 200, body: { data: [{ appId: 'claviger' }] } });

      expect(await Promise.all([one.stop(), other.stop(), worker.stop()])).toEqual([0, 0, 0]);
      const told = [one.printed.stderr, other.printed.stderr, worker.printed.stderr];
      expect(told.filter((text) => text !== '')).toEqual([expect.stringContaining('This is the first start.')]);
    }, 60_000);
  });
});
