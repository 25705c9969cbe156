import type {
  AccountJson,
  AuthorizedAccountJson,
  CredentialJson,
  RotationJson,
  SigningKeyJson,
  TokenJson,
  UserJson,
} from '@claviger/application';
import { day, minute, table, time } from './table.js';

export function usersTable(users: readonly UserJson[]): string {
  return table(
    ['USER ID', 'NAME', 'ADMIN', 'STATE', 'CREATED'],
    users.map((user) => [user.userId, user.name, user.admin ? 'yes' : 'no', state(user), day(user.createdDate)]),
  );
}

export function userTable(user: UserJson): string {
  return table(null, [
    ['User id', user.userId],
    ['Name', user.name],
    ['Admin', user.admin ? 'yes' : 'no'],
    ['State', state(user)],
    ['Created', time(user.createdDate)],
    ['Changed', time(user.lastModifiedDate)],
  ]);
}

export function accountsTable(accounts: readonly AccountJson[]): string {
  return table(
    ['APP ID', 'OWNER', 'GRANT TYPES', 'SCOPE', 'STATE', 'KEYS', 'CREATED'],
    accounts.map((account) => [
      account.appId,
      account.owner,
      account.authorizationGrantTypes.join(', '),
      account.scope.join(', '),
      state(account),
      String(account.credentials.length),
      day(account.createdDate),
    ]),
  );
}

export function accountTable(account: AccountJson): string {
  const facts = table(null, [
    ['App id', account.appId],
    ['Id', account.id],
    ['Owner', account.owner],
    ['State', state(account)],
    ['Grant types', account.authorizationGrantTypes.join(', ')],
    ['Scope', account.scope.join(', ')],
    ['Homepage', account.homepageUrl],
    ['Redirect to', account.redirectUri],
    ['Avatar', account.avatarUrl],
    ['Description', account.description],
    ['Created', time(account.createdDate)],
    ['Changed', time(account.lastModifiedDate)],
  ]);
  return `${facts}\n\n${credentialsTable(account.credentials)}`;
}

export function credentialsTable(credentials: readonly CredentialJson[]): string {
  return table(
    ['ACCESS KEY', 'SECRET KEY', 'TYPE', 'STATUS', 'CREATED', 'EXPIRES (UTC)', 'LAST USED (UTC)'],
    credentials.map((credential) => [
      credential.accessKey,
      credential.secretKey,
      credential.authorizationGrantType,
      credential.supersededBy ? `${credential.status}, superseded` : credential.status,
      day(credential.createdAt),
      credential.expiresAt && minute(credential.expiresAt),
      credential.lastUsedAt && minute(credential.lastUsedAt),
    ]),
  );
}

/** A new one: its secret is to be copied, so nothing stands beside it. */
export function credentialTable(credential: CredentialJson): string {
  return table(null, [
    ['Access key', credential.accessKey],
    ['Secret key', credential.secretKey],
    ['Type', credential.authorizationGrantType],
    ['Status', credential.status],
    ['Created', time(credential.createdAt)],
    ['Expires', credential.expiresAt ? time(credential.expiresAt) : 'never'],
  ]);
}

export function rotationTable(rotation: RotationJson): string {
  return table(null, [
    ['Old key', rotation.accessKey],
    ['New key', rotation.supersededBy],
    ['Since', time(rotation.since)],
    ['Retire', rotation.retire],
    ['Overlap', `${rotation.overlap} ms`],
    ['Expires', rotation.expiresAt ? time(rotation.expiresAt) : 'never'],
    ['Still used', rotation.stillUsed ? 'yes' : 'no'],
    ['Last used', rotation.lastUsedAt && `${minute(rotation.lastUsedAt)} UTC`],
    ['From', rotation.lastUsedFrom],
  ]);
}

export function authorizationsTable(accounts: readonly AuthorizedAccountJson[]): string {
  return table(
    ['APP ID', 'OWNER', 'SCOPE', 'SINCE', 'LAST USED (UTC)'],
    accounts.map(({ appId, owner, authorization: { scope, grantedAt, lastUsedAt } }) => [
      appId,
      owner,
      scope.join(', '),
      day(grantedAt),
      lastUsedAt && minute(lastUsedAt),
    ]),
  );
}

export function signingKeysTable(keys: readonly SigningKeyJson[]): string {
  return table(
    ['ID', 'STATE', 'CREATED (UTC)', 'SIGNS FROM (UTC)', 'PUBLISHED UNTIL (UTC)'],
    keys.map((key) => [
      key.id,
      key.state,
      minute(key.createdAt),
      minute(key.signsFrom),
      key.retiresAt && minute(key.retiresAt),
    ]),
  );
}

export function tokensTable(tokens: readonly TokenJson[]): string {
  return table(
    ['ID', 'USER', 'NAME', 'CREATED (UTC)', 'EXPIRES (UTC)', 'LAST USED (UTC)'],
    tokens.map((token) => [
      token.id,
      token.userId,
      token.name,
      minute(token.createdAt),
      minute(token.expiresAt),
      token.lastUsedAt && minute(token.lastUsedAt),
    ]),
  );
}

export function migrationsTable(migrations: readonly (readonly [name: string, state: string])[]): string {
  return table(['MIGRATION', 'STATE'], migrations);
}

function state({ locked }: { locked: boolean }): string {
  return locked ? 'locked' : 'active';
}
