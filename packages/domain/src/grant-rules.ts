import { fieldInvalid } from './errors.js';

/** How callers may use an account: with its keys directly, or on behalf of a user who agreed. */
export const GRANT_TYPES = ['PLATFORM', 'AUTHORIZATION_CODE'] as const;
export type GrantType = (typeof GRANT_TYPES)[number];

/** What an account may reach. SYSTEM also opens the account API to the account's own key. */
export const SCOPES = ['SYSTEM', 'PROJECT', 'REPO', 'NODE'] as const;
export type Scope = (typeof SCOPES)[number];

/** The set of grant types: doubles count once, order means nothing, none at all is refused. */
export function parseGrantTypes(given: readonly string[]): readonly GrantType[] {
  const types = parseSet('authorizationGrantTypes', GRANT_TYPES, given);
  if (types.length === 0) throw fieldInvalid('authorizationGrantTypes', 'empty');
  return types;
}

/** One grant type out of a path or a query. */
export function parseGrantType(field: string, given: string): GrantType {
  return parseOne(field, GRANT_TYPES, given);
}

/** The set of scopes; the empty set is a scope too. */
export function parseScopes(given: readonly string[]): readonly Scope[] {
  return parseSet('scope', SCOPES, given);
}

/** One scope out of a query. */
export function parseScope(field: string, given: string): Scope {
  return parseOne(field, SCOPES, given);
}

/** What a change of grant types means for the credentials: compared as sets, whatever their order or number. */
export function compareGrantTypes(
  before: readonly GrantType[],
  after: readonly GrantType[],
): { added: readonly GrantType[]; removed: readonly GrantType[] } {
  return {
    added: after.filter((type) => !before.includes(type)),
    removed: before.filter((type) => !after.includes(type)),
  };
}

/** The one of `allowed` that was given. @throws field_invalid naming the field and the allowed words. */
export function parseOne<T extends string>(field: string, allowed: readonly T[], given: string): T {
  const found = allowed.find((word) => word === given);
  if (found === undefined) throw fieldInvalid(field, 'not_one_of', { allowed: allowed.join(', ') });
  return found;
}

/** Kept in the order of `allowed`, so that equal sets are equal lists. */
function parseSet<T extends string>(field: string, allowed: readonly T[], given: readonly string[]): readonly T[] {
  const chosen = new Set(given.map((word) => parseOne(field, allowed, word)));
  return allowed.filter((word) => chosen.has(word));
}
