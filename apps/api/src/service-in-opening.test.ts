import { describe, expect, test } from '@jest/globals';
import type { OpenPlatform } from '@claviger/composition';
import { serviceInOpening } from './service-in-opening.js';

/** An opening that ends when the test says so. */
function anOpening() {
  const calls: string[] = [];
  const platform = { name: 'the platform' } as unknown as OpenPlatform['platform'];
  const opened: OpenPlatform = {
    platform,
    requests: null,
    jobs: { run: async () => undefined, lag: async () => ({ due: 0, oldest: null }) },
    oauthCookieKey: '',
    ping: async () => void calls.push('ping'),
    close: async () => void calls.push('close'),
  };
  let done: (opened: OpenPlatform) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const opening = new Promise<OpenPlatform>((resolve, reject) => ([done, fail] = [resolve, reject]));
  return { opening, calls, platform, done: () => done(opened), fail: () => fail(new Error('It is away.')) };
}

describe('a service whose database is waited for', () => {
  test('says that the database is unavailable, until it is there', async () => {
    const { opening, calls, platform, done } = anOpening();
    const service = serviceInOpening(opening);
    expect(() => service.platform).toThrow('database_unavailable');
    await expect(service.ping()).rejects.toThrow('database_unavailable');
    done();
    await opening;
    expect(service.platform).toBe(platform);
    await service.ping();
    expect(calls).toEqual(['ping']);
  });

  test('closes what is open, and nothing while there is nothing', async () => {
    const { opening, calls, done } = anOpening();
    const service = serviceInOpening(opening);
    await service.close();
    expect(calls).toEqual([]);
    done();
    await opening;
    await service.close();
    expect(calls).toEqual(['close']);
  });

  test('leaves it to others to say why it never came', async () => {
    const { opening, fail } = anOpening();
    const service = serviceInOpening(opening);
    fail();
    await expect(opening).rejects.toThrow('It is away.');
    expect(() => service.platform).toThrow('database_unavailable');
  });
});
