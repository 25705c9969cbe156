import { describe, expect, test } from '@jest/globals';
import { ConfigError } from './config-error.js';
import { configWith } from './config.js';
import { believesHeaderFrom, demandTrustedHeader } from './user-header-trust.js';

const withoutTokens = (host: string, ...trusted: string[]) =>
  configWith({
    'auth.accessToken.enabled': false,
    'http.host': host,
    'auth.accessToken.trustHeaderFrom': trusted,
  });

describe('without access tokens the API', () => {
  test.each(['127.0.0.1', '127.8.8.8', '::1', 'localhost', 'LOCALHOST', '::ffff:127.0.0.1'])(
    'may listen on %s',
    (host) => {
      expect(() => demandTrustedHeader(withoutTokens(host))).not.toThrow();
    },
  );

  test.each(['0.0.0.0', '::', '10.0.0.1', 'keys.example', 'localhost.example', '::ffff:10.0.0.1', '127.0.0.1.example'])(
    'refuses to listen on %s unless it is told which proxies to believe',
    (host) => {
      expect(() => demandTrustedHeader(withoutTokens(host))).toThrow(ConfigError);
      expect(() => demandTrustedHeader(withoutTokens(host))).toThrow(
        /^auth\.accessToken\.enabled [^\n]*trustHeaderFrom/,
      );
      expect(() => demandTrustedHeader(withoutTokens(host, '10.0.0.1'))).not.toThrow();
    },
  );
});

test('with access tokens the API may listen anywhere and believes a bare header from nobody', () => {
  const config = configWith({ 'http.host': '0.0.0.0', 'auth.accessToken.trustHeaderFrom': ['10.0.0.1'] });
  expect(() => demandTrustedHeader(config)).not.toThrow();
  for (const address of ['127.0.0.1', '10.0.0.1']) expect(believesHeaderFrom(config)(address)).toBe(false);
});

describe('a bare user header', () => {
  test('is believed from the machine itself when no proxy is listed', () => {
    const believes = believesHeaderFrom(withoutTokens('127.0.0.1'));
    for (const address of ['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1']) expect(believes(address)).toBe(true);
    for (const address of ['10.0.0.1', '::2', '::ffff:10.0.0.1', '', 'localhost'])
      expect(believes(address)).toBe(false);
  });

  test('is believed from the listed proxies and from no one else, the machine itself included', () => {
    const believes = believesHeaderFrom(withoutTokens('0.0.0.0', '10.0.0.1', '192.168.0.0/16', 'fd00::/8'));
    for (const address of ['10.0.0.1', '::ffff:10.0.0.1', '192.168.7.7', '::ffff:192.168.7.7', 'fd12::1'])
      expect(believes(address)).toBe(true);
    for (const address of ['10.0.0.2', '192.169.0.1', 'fe80::1', '127.0.0.1', '::1'])
      expect(believes(address)).toBe(false);
  });
});
