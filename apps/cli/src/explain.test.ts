import { ConfigError, DatabaseRefused } from '@claviger/composition';
import { ERROR_CATALOGUE, PlatformError, SECRET_BODY_LENGTH, secretKeyFrom, type ErrorCode } from '@claviger/domain';
import { describe, expect, test } from '@jest/globals';
import { explain } from './explain.js';
import { Interrupted, UsageError } from './usage-error.js';

describe('an error that ends a command', () => {
  test('of the platform is told in its own words, with the number of its kind', () => {
    expect(explain(new PlatformError('database_unavailable'))).toEqual({
      exitCode: 75,
      message: 'error: The database is busy or away: retry in a moment.',
    });
    for (const code of Object.keys(ERROR_CATALOGUE) as ErrorCode[])
      expect([2, 3, 4, 5, 70, 75]).toContain(explain(new PlatformError(code)).exitCode);
  });

  test('of whoever typed it says what to type instead', () => {
    expect(explain(new UsageError('Say please.'))).toEqual({ exitCode: 2, message: 'error: Say please.' });
  });

  test('of the configuration names the key', () => {
    expect(explain(new ConfigError('http.port must be a number'))).toEqual({
      exitCode: 2,
      message: 'error: http.port must be a number',
    });
  });

  test('of the database says what the operator can do', () => {
    expect(explain(new DatabaseRefused('It is corrupt.'))).toEqual({ exitCode: 75, message: 'error: It is corrupt.' });
  });

  test('at a question is an interruption', () => {
    expect(explain(new Interrupted()).exitCode).toBe(130);
  });

  test('that nobody foresaw is our bug, told with its stack and without secrets', () => {
    const secret = secretKeyFrom('Z'.repeat(SECRET_BODY_LENGTH));
    const { exitCode, message } = explain(new TypeError(`cannot read ${secret}`));
    expect(exitCode).toBe(70);
    expect(message).toContain('TypeError: cannot read csk_*****');
    expect(message).toContain('explain.test');
    expect(message).not.toContain(secret);
  });
});
