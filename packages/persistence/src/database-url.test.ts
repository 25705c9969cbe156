import { describe, expect, test } from '@jest/globals';
import { parseDatabaseUrl } from './database-url.js';

describe('the address of a database', () => {
  test.each([
    ['sqlite:./data/claviger.db', './data/claviger.db'],
    ['sqlite:claviger.db', 'claviger.db'],
    ['sqlite:/var/lib/claviger.db', '/var/lib/claviger.db'],
    ['sqlite:///var/lib/claviger.db', '/var/lib/claviger.db'],
  ])('names a SQLite file: %s', (url, path) => {
    expect(parseDatabaseUrl(url)).toEqual({ kind: 'sqlite', path, name: path });
  });

  test.each([
    ['postgres://claviger:hunter2@db.example/claviger', 'db.example:5432/claviger'],
    ['postgresql://claviger:hunter2@db.example:6543/claviger?sslmode=require', 'db.example:6543/claviger'],
  ])('names a PostgreSQL database, which is shown without user and password: %s', (url, name) => {
    expect(parseDatabaseUrl(url)).toEqual({ kind: 'postgres', url, name });
  });

  test.each([
    '',
    'sqlite:',
    'sqlite::memory:',
    'mysql://x/y',
    './claviger.db',
    'postgres://u:hunter2@:x:y/z',
    'postgres:x',
  ])('is refused without being repeated: %s', (url) => {
    expect(() => parseDatabaseUrl(url)).toThrow('neither sqlite:<path> nor postgres://user:password@host/name');
    expect(() => parseDatabaseUrl(url)).not.toThrow(/hunter2/);
  });
});
