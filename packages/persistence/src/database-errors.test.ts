import { PlatformError } from '@claviger/domain';
import { describe, expect, test } from '@jest/globals';
import { QueryFailedError, QueryRunnerAlreadyReleasedError } from 'typeorm';
import {
  DatabaseFault,
  DatabaseUnusable,
  isBusy,
  isGivenUp,
  translateError,
  translated,
  whyUnusable,
} from './database-errors.js';

/** As TypeORM throws it: with the statement and its parameters around the driver's error. */
const failed = (told: { name?: string; code?: string; message?: string; constraint?: string }) =>
  new QueryFailedError(
    'INSERT INTO users VALUES (?)',
    ['$argon2id$hash'],
    Object.assign(new Error(told.message ?? 'no'), told),
  );

const codeOf = (error: unknown) => (translateError(error) as { code?: string }).code;

describe('an error of a driver', () => {
  test.each([
    ['PostgreSQL', failed({ code: '23505', constraint: 'accounts_app_id_key' })],
    ['SQLite', failed({ code: 'SQLITE_CONSTRAINT_UNIQUE', message: 'UNIQUE constraint failed: accounts.app_id_key' })],
  ])('says that an appId is taken, on %s', (_, error) => {
    expect(codeOf(error)).toBe('account_exists');
  });

  test.each([
    ['PostgreSQL', failed({ code: '23505', constraint: 'users_pkey' })],
    ['SQLite', failed({ code: 'SQLITE_CONSTRAINT_PRIMARYKEY', message: 'UNIQUE constraint failed: users.user_id' })],
  ])('says that a userId is taken, on %s', (_, error) => {
    expect(codeOf(error)).toBe('user_exists');
  });

  test.each([
    ['PostgreSQL', failed({ code: '23505', constraint: 'credentials_pkey' })],
    [
      'SQLite',
      failed({ code: 'SQLITE_CONSTRAINT_PRIMARYKEY', message: 'UNIQUE constraint failed: credentials.access_key' }),
    ],
  ])('is a fault when a key that chance made is taken, on %s', (_, error) => {
    expect(translateError(error)).toBeInstanceOf(DatabaseFault);
  });

  test.each(['23503', '40001', '40P01', 'SQLITE_CONSTRAINT_FOREIGNKEY'])('says that a write was stale: %s', (code) => {
    expect(codeOf(failed({ code }))).toBe('write_was_stale');
  });

  const SQLITE = 'BUSY BUSY_SNAPSHOT LOCKED FULL IOERR_WRITE READONLY'.split(' ').map((word) => `SQLITE_${word}`);
  const POSTGRES = '08006 53300 57014 57P01 57P03 55P03 25006 28P01'.split(' ');
  const NETWORK = 'ECONNREFUSED ECONNRESET ETIMEDOUT ENOTFOUND EAI_AGAIN EPIPE EHOSTUNREACH ENETUNREACH'.split(' ');
  test.each([...SQLITE, ...POSTGRES, ...NETWORK])('says that the database is unavailable: %s', (code) => {
    expect(codeOf(failed({ code }))).toBe('database_unavailable');
  });

  test.each([
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout exceeded when trying to connect',
    'Query read timeout',
    'Client has encountered a connection error and is not queryable',
    'The database connection is not open',
  ])('without a code says that the database is unavailable: %s', (message) => {
    expect(codeOf(failed({ message }))).toBe('database_unavailable');
    expect(codeOf(new Error(message))).toBe('database_unavailable');
  });

  test('of a connection that broke under its unit of work says that the database is unavailable', () => {
    expect(codeOf(new QueryRunnerAlreadyReleasedError())).toBe('database_unavailable');
  });

  test('of a host with several addresses is that of the first', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED ::1'), { code: 'ECONNREFUSED' });
    expect(codeOf(new AggregateError([refused]))).toBe('database_unavailable');
  });

  test('keeps its cause for the log, but not the values of the statement', () => {
    for (const code of ['57P01', '42P01']) {
      const thrown = translateError(failed({ code, message: 'why' })) as Error;
      const told = JSON.stringify([
        thrown,
        thrown.message,
        thrown.cause,
        thrown.stack,
        (thrown.cause as Error | undefined)?.message,
      ]);
      expect(told).toContain('why');
      expect(told).not.toContain('argon2id');
      expect(told).not.toContain('INSERT');
    }
  });
});

describe('a row that refers to what is not there', () => {
  const INSERTS = ['23503', 'SQLITE_CONSTRAINT_FOREIGNKEY'];
  test.each(INSERTS)('is stale, or what the statement says it is: %s', async (code) => {
    const inserting = () => Promise.reject(failed({ code }));
    await expect(translated(inserting())).rejects.toMatchObject({ code: 'write_was_stale' });
    await expect(translated(inserting(), 'user_missing')).rejects.toMatchObject({ code: 'user_missing' });
  });
});

describe('an error of somebody else', () => {
  test('passes unchanged', () => {
    const errors = [
      new PlatformError('credential_is_last'),
      new DatabaseUnusable('no'),
      new Error('late'),
      new TypeError('x is not a function'),
      Object.assign(new Error('x'), { code: 'ERR_INVALID_ARG_TYPE' }),
      'thrown text',
      undefined,
    ];
    for (const error of errors) expect(translateError(error)).toBe(error);
  });
});

describe('a statement', () => {
  test('gives its result, or fails in the words of the domain', async () => {
    expect(await translated(Promise.resolve(1))).toBe(1);
    await expect(translated(Promise.reject(failed({ code: '40001' })))).rejects.toMatchObject({
      code: 'write_was_stale',
    });
  });

  test('is worth repeating only when the file was busy', () => {
    expect(isBusy(failed({ code: 'SQLITE_BUSY' }))).toBe(true);
    expect(isBusy(failed({ code: 'SQLITE_FULL' }))).toBe(false);
    expect(isBusy(new PlatformError('write_was_stale'))).toBe(false);
  });

  test('that got no answer spoils its connection', () => {
    expect(isGivenUp(failed({ message: 'Query read timeout' }))).toBe(true);
    expect(isGivenUp(failed({ code: '57014' }))).toBe(false);
  });
});

describe('a database', () => {
  test.each([
    ['SQLITE_READONLY_DIRECTORY', 'it cannot be written to'],
    ['EROFS', 'it cannot be written to'],
    ['SQLITE_CANTOPEN', 'it cannot be opened'],
    ['SQLITE_NOTADB', 'it is not a SQLite database'],
    ['SQLITE_CORRUPT_INDEX', 'it is corrupt'],
    ['28P01', 'the server refuses the user or the password'],
    ['3D000', 'the server has no such database'],
    ['42501', 'the user lacks the right to make tables'],
    ['SELF_SIGNED_CERT_IN_CHAIN', "the server's certificate is not trusted"],
  ])('is unusable when opening it fails with %s', (code, reason) => {
    expect(whyUnusable(failed({ code }))).toBe(reason);
    expect(whyUnusable(translateError(failed({ code })))).toBe(reason);
  });

  test.each(['SQLITE_BUSY', 'ECONNREFUSED', '57P03', '53300'])(
    'may be there later when opening it fails with %s',
    (code) => {
      expect(whyUnusable(failed({ code }))).toBeNull();
    },
  );
});
