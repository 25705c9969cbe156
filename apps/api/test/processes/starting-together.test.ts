import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { platformHeaders } from '../answer.js';
import { firstKeyPair, killAtTheEnd, startApi, type Setting } from '../api-process.js';
import { onBothDatabases } from './settings.js';

const WORKER = fileURLToPath(new URL('../../../worker/dist/main.js', import.meta.url));

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

function startWorker({ cwd, env }: Setting) {
  const child = killAtTheEnd(spawn(process.execPath, [WORKER], { cwd, env: { PATH: process.env['PATH'], ...env } }));
  const printed = { stderr: '' };
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed.stderr += text));
  const ended = once(child, 'close');
  const ready = new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => line.includes('"msg":"ready"') && resolve());
    void ended.then(() => reject(new Error(`The worker ended before it was ready: ${printed.stderr}`)));
  });
  return {
    printed,
    ready,
    stop: async () => {
      child.kill('SIGTERM');
      const [code] = (await ended) as [number | null];
      return code;
    },
  };
}
