import { OPERATOR, parseUserId, type AccessTokenText, type UserCaller } from '@claviger/domain';
import type { ApiOverMemory } from './api-over-memory.js';

export const PASSWORD = 'correct horse battery';
const DAY = 86_400_000;

/** A user whom the service knows, and what they call it with. */
export interface KnownUser {
  readonly userId: string;
  readonly caller: UserCaller;
  readonly token: AccessTokenText;
  readonly bearer: Record<string, string>;
  readonly basic: Record<string, string>;
}

export async function aUser(
  { platform }: Pick<ApiOverMemory, 'platform'>,
  userId: string,
  { admin = false } = {},
): Promise<KnownUser> {
  await platform.createUser(OPERATOR, { userId, admin, password: PASSWORD });
  const caller: UserCaller = { kind: 'user', userId: parseUserId(userId), admin, account: null };
  const { text } = await platform.createToken(caller, { name: null, lifetime: DAY });
  return { userId, caller, token: text, bearer: bearer(text), basic: basic(userId, PASSWORD) };
}

export function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

export function basic(userId: string, password: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${userId}:${password}`).toString('base64')}` };
}

/** The header that sends back what an answer's Set-Cookie has set. */
export function cookieFrom(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const set = [headers['set-cookie']].flat().map(String);
  const [cookie = ''] = set.map((one) => one.split(';')[0] ?? '');
  return { cookie };
}
