import type { AccessToken, BearingUser, Session } from '@claviger/domain';
import type { HotRead, Row } from './engine.js';

const USER = 'u.user_id, u.admin, u.locked';

export const TOKEN_BEARER: HotRead<{ token: AccessToken; user: BearingUser }> = {
  name: 'claviger_token_bearer',
  statement: `SELECT t.id, t.name, t.mac, t.created_at, t.expires_at, t.last_used_at, ${USER}
    FROM access_tokens t JOIN users u ON u.user_id = t.user_id WHERE t.mac = ?`,
  toValue: ([row]) => toTokenBearer(row),
};

export const SESSION_BEARER: HotRead<{ session: Session; user: BearingUser }> = {
  name: 'claviger_session_bearer',
  statement: `SELECT s.id, s.mac, s.created_at, s.expires_at, s.address, s.user_agent, ${USER}
    FROM sessions s JOIN users u ON u.user_id = s.user_id WHERE s.mac = ?`,
  toValue: ([row]) => toSessionBearer(row),
};

function toTokenBearer(row: Row): { token: AccessToken; user: BearingUser } {
  const user = userIn(row);
  const token: AccessToken = {
    id: row['id'] as AccessToken['id'],
    userId: user.userId,
    name: row['name'] as AccessToken['name'],
    mac: row['mac'] as AccessToken['mac'],
    createdAt: Number(row['created_at']),
    expiresAt: Number(row['expires_at']),
    lastUsedAt: row['last_used_at'] === null ? null : Number(row['last_used_at']),
  };
  return { token, user };
}

function toSessionBearer(row: Row): { session: Session; user: BearingUser } {
  const user = userIn(row);
  const session: Session = {
    id: row['id'] as Session['id'],
    userId: user.userId,
    mac: row['mac'] as Session['mac'],
    createdAt: Number(row['created_at']),
    expiresAt: Number(row['expires_at']),
    address: row['address'] as Session['address'],
    userAgent: row['user_agent'] as Session['userAgent'],
  };
  return { session, user };
}

export function userIn(row: Row): BearingUser {
  return {
    userId: row['user_id'] as BearingUser['userId'],
    admin: Boolean(row['admin']),
    locked: Boolean(row['locked']),
  };
}
