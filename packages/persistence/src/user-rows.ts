import type { User } from '@claviger/domain';
import type { HotRead, Row } from './engine.js';

export const USER_BY_ID: HotRead<User> = {
  name: 'claviger_user_by_id',
  statement: `SELECT user_id, name, password_hash, admin, locked, created_at, last_modified_at, version
    FROM users WHERE user_id = ?`,
  toValue: ([row]) => toUser(row),
};

function toUser(row: Row): User {
  return {
    userId: row['user_id'] as User['userId'],
    name: row['name'] as User['name'],
    passwordHash: row['password_hash'] as User['passwordHash'],
    admin: Boolean(row['admin']),
    locked: Boolean(row['locked']),
    createdAt: Number(row['created_at']),
    lastModifiedAt: Number(row['last_modified_at']),
    version: Number(row['version']),
  };
}
