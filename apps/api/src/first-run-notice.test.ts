import { describe, expect, test } from '@jest/globals';
import { parseUserId } from '@claviger/domain';
import { firstRunNotice, reachableAddress } from './first-run-notice.js';

describe('the notice of the first start', () => {
  test('says nothing of a key pair when an account of that name was there before', () => {
    const notice = firstRunNotice({ userId: parseUserId('admin'), password: 'hush', keyPair: null }, 'http://x');
    expect(notice).toContain('hush');
    expect(notice).toContain('http://x/login');
    expect(notice).not.toContain('curl');
  });

  test.each([
    ['127.0.0.1', 'http://127.0.0.1:7300'],
    ['0.0.0.0', 'http://127.0.0.1:7300'],
    ['::', 'http://[::1]:7300'],
    ['fe80::1', 'http://[fe80::1]:7300'],
    ['192.0.2.1', 'http://192.0.2.1:7300'],
  ])('reaches a server that listens on %s at %s', (host, address) => {
    expect(reachableAddress(host, 7300)).toBe(address);
  });
});
