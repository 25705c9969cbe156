import { userJson, type UserJson } from '@claviger/application';
import { OPERATOR, type User } from '@claviger/domain';
import { askNewSecret, askSecret, confirm } from '../ask.js';
import type { Session } from '../session.js';
import { usersTable, userTable } from '../tables.js';
import { UsageError } from '../usage-error.js';

export interface PasswordOptions {
  readonly passwordStdin?: boolean;
}

export interface UserOptions {
  readonly admin?: boolean;
  readonly name?: string;
}

export type CreateUserOptions = UserOptions & PasswordOptions;

export async function createUser(session: Session, userId: string, options: CreateUserOptions): Promise<void> {
  const { name, admin } = options;
  const password = options.passwordStdin ? await askNewSecret(session.io, 'Password') : null;
  const platform = await session.platform();
  const user = await platform.createUser(OPERATOR, { userId, name, admin, password });
  await printUser(session, user);
  if (password === null) session.tell(`${userId} has no password yet. To set one: claviger user passwd ${userId}`);
}

export async function listUsers(session: Session): Promise<void> {
  const platform = await session.platform();
  const users: UserJson[] = [];
  for await (const user of platform.listUsers(OPERATOR)) users.push(userJson(user));
  await session.print(users, () => {
    if (users.length > 0) return usersTable(users);
    session.tell('There are no users yet. To register one: claviger user create <userId>');
    return '';
  });
}

export async function showUser(session: Session, userId: string): Promise<void> {
  const platform = await session.platform();
  await printUser(session, await platform.showUser(OPERATOR, { userId }));
}

export async function updateUser(session: Session, userId: string, { name, admin }: UserOptions): Promise<void> {
  const platform = await session.platform();
  await printUser(session, await platform.updateUser(OPERATOR, { userId, name, admin }));
}

export async function changePassword(session: Session, userId: string, options: PasswordOptions): Promise<void> {
  const { io } = session;
  if (!options.passwordStdin && !io.stdin.isTTY)
    throw new UsageError('There is no terminal to ask on: give --password-stdin and the password on stdin.');
  const platform = await session.platform();
  const password = await (io.stdin.isTTY ? askNewSecret : askSecret)(io, 'New password');
  await platform.changePassword(OPERATOR, { userId, password });
  await session.print(true);
}

export async function lockUser(session: Session, userId: string, locked: boolean): Promise<void> {
  const platform = await session.platform();
  await platform.lockUser(OPERATOR, { userId, locked });
  await session.print(true);
}

export async function deleteUser(session: Session, userId: string): Promise<void> {
  const platform = await session.platform();
  await platform.showUser(OPERATOR, { userId });
  await confirm(session, `Delete the user ${userId}?`);
  await platform.deleteUser(OPERATOR, { userId });
  await session.print(true);
}

async function printUser(session: Session, user: User): Promise<void> {
  const json = userJson(user);
  await session.print(json, () => userTable(json));
}
