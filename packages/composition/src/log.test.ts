import { describe, expect, test } from '@jest/globals';
import { secretKeyFrom, SECRET_BODY_LENGTH } from '@claviger/domain';
import { createLog } from './log.js';

const SECRET = secretKeyFrom('Z'.repeat(SECRET_BODY_LENGTH));

function logged(write: (log: ReturnType<typeof createLog>) => void, level: 'info' | 'warn' = 'info'): string {
  let lines = '';
  write(createLog(level, 'api', { write: (line: string) => void (lines += line) }));
  return lines;
}

test('a line is JSON with the time in UTC, the level in words and the name of the process', () => {
  const line = JSON.parse(logged((log) => log.info({ traceId: 't' }, 'hello'))) as Record<string, unknown>;
  expect(line).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    name: 'api',
    traceId: 't',
    msg: 'hello',
  });
});

test('less important lines than the configured level are left out', () => {
  expect(logged((log) => log.info('hello'), 'warn')).toBe('');
});

describe('a secret that somebody logs by mistake is not written', () => {
  test.each<[string, object]>([
    ['a secret key in a field nobody expected', { note: `key ${SECRET}` }],
    ['an error that quotes one', { err: new Error(`bad ${SECRET}`) }],
    ['an Authorization header', { req: { headers: { authorization: `Platform ${SECRET}` } } }],
    ['an Authorization header in a list', { raw: ['Authorization', `Basic ${SECRET}`] }],
    ['the address of a request', { url: `/x?access_token=${SECRET}&y=1` }],
    ['a password', { user: { password: SECRET } }],
    ['the address of a database', { url: `postgres://claviger:${SECRET}@db/claviger` }],
  ])('%s', (_, fields) => {
    const line = logged((log) => log.error(fields, 'oh'));
    expect(line).not.toContain(SECRET);
    expect(line).not.toContain('Z'.repeat(10));
    expect(JSON.parse(line)).toMatchObject({ msg: 'oh' });
  });

  test('and the rest of the line stays readable', () => {
    expect(logged((log) => log.info({ url: 'postgres://me:pw@db/x' }, 'opened'))).toContain('postgres://me:*****@db/x');
  });
});
