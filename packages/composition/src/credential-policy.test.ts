import { expect, test } from '@jest/globals';
import { ConfigError } from './config-error.js';
import { configWith } from './config.js';
import { credentialPolicy } from './credential-policy.js';

const DAY = 86_400_000;

test('credentials live until somebody ends them, and five of a type at once, unless something else is configured', () => {
  expect(credentialPolicy(configWith())).toEqual({
    expiry: { standard: null, longest: null, neverAllowed: true },
    mostLive: 5,
  });
  expect(
    credentialPolicy(
      configWith({
        'credentials.expiry.default': 30 * DAY,
        'credentials.expiry.max': 90 * DAY,
        'credentials.expiry.neverAllowed': false,
        'credentials.maxLivePerType': 2,
      }),
    ),
  ).toEqual({ expiry: { standard: 30 * DAY, longest: 90 * DAY, neverAllowed: false }, mostLive: 2 });
});

test('whoever forbids credentials that live for ever says how long they live', () => {
  const forbidding = { 'credentials.expiry.neverAllowed': false } as const;
  expect(() => credentialPolicy(configWith(forbidding))).toThrow(ConfigError);
  expect(() => credentialPolicy(configWith(forbidding))).toThrow(/^credentials\.expiry\.neverAllowed [^\n]+$/);
  for (const key of ['credentials.expiry.default', 'credentials.expiry.max'] as const)
    expect(credentialPolicy(configWith({ ...forbidding, [key]: DAY })).expiry.neverAllowed).toBe(false);
});
