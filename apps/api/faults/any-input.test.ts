import type { AccountJson } from '@claviger/application';
import type { KeyPair } from '@claviger/domain';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { platformHeaders } from '../test/answer.js';
import { startFirst } from '../test/api-process.js';
import { sendRaw, type RawAnswer } from '../test/raw-http.js';
import { anyRequest, type RawRequest } from '../test/processes/any-request.js';
import { onBothDatabases } from '../test/processes/settings.js';

const SEED = 7300;
const AT_ONCE = 32;

onBothDatabases((freshSetting) => {
  describe('whatever it is sent, the API', () => {
    test('answers in the envelope, and never that it failed', async () => {
      const timeouts = { CLAVIGER_HTTP_HEADERS_TIMEOUT: '1s', CLAVIGER_HTTP_REQUEST_TIMEOUT: '1s' };
      const setting = await freshSetting();
      const api = await startFirst({ ...setting, env: { ...setting.env, ...timeouts } });
      const { system } = api;
      const port = Number(new URL(api.address).port);
      const as = platformHeaders(system, 'admin');
      const appIds = Array.from({ length: 20 }, (_, i) => `fuzz-${i}`);
      const body = { appId: appIds[0], authorizationGrantTypes: ['PLATFORM'] };
      const opened = (await api.call('POST', '/auth/api/account/create', { as, body })).body.data as AccountJson;
      const key = opened.credentials[0] as KeyPair | undefined;
      if (!key) throw new Error('The account has no key pair.');

      const requests = fc.sample(anyRequest({ system, appIds, key }), { numRuns: 1000, seed: SEED });
      const wrong: string[] = [];
      const seen = new Set<number>();
      const next = requests[Symbol.iterator]();
      const client = async () => {
        for (const request of { [Symbol.iterator]: () => next }) {
          const answer = await sendRaw(port, request.bytes);
          seen.add(answer.status);
          const fault = whatIsWrong(request, answer);
          if (fault)
            wrong.push(
              `${fault}\n${JSON.stringify(request.bytes.toString('latin1').slice(0, 3000))}\n${JSON.stringify(answer)}`,
            );
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, client));
      expect(wrong.slice(0, 10)).toEqual([]);
      // It went everywhere, or the test would prove little.
      expect(seen).toEqual(new Set([200, 201, 400, 401, 403, 404, 405, 408, 409, 413, 414, 415, 422, 431]));
      expect(api.printed.stdout).not.toContain('"level":"error"');
      expect((await api.call('GET', '/health/ready')).status).toBe(200);
    }, 60_000);
  });
});

/** One sentence; null when nothing is. */
function whatIsWrong({ method, path }: RawRequest, { status, headers, text }: RawAnswer): string | null {
  if (!(status >= 200 && status < 500)) return `The status is ${status}.`;
  if (method === 'HEAD' && text === '') return null;
  if (status < 300 && /^\/(docs|openapi)/.test(path)) return null;
  if (headers['content-type'] !== 'application/json; charset=utf-8') return 'It is no JSON.';
  const envelope = JSON.parse(text) as Record<string, unknown>;
  if (Object.keys(envelope).join() !== 'code,message,data,traceId') return 'It has other fields.';
  if (!/^[0-9a-f]{32}$/.test(String(envelope['traceId']))) return 'It has no trace id.';
  return (envelope['code'] === 0) === status < 300 ? null : 'The code does not fit the status.';
}
