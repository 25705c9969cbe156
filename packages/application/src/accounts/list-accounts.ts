import {
  demandActor,
  demandAdmin,
  fieldInvalid,
  parseAccountId,
  parseGrantType,
  parseScope,
  parseText,
  parseTime,
  parseUserId,
  toLastUseGrain,
  type Account,
  type AccountFilter,
  type AccountId,
  type Authorization,
  type Caller,
  type UserId,
} from '@claviger/domain';
import type { Ports } from '../ports.js';

/** The most accounts on one page. */
export const MAX_LIST_LIMIT = 1000;
/** Characters of what is looked for in appId and description. */
export const MAX_SEARCH_LENGTH = 128;

/** What may be asked of a list; each part that is given narrows it. */
export interface AccountQuery {
  readonly owner?: string | undefined;
  readonly locked?: boolean | undefined;
  readonly grantType?: string | undefined;
  readonly scope?: string | undefined;
  readonly q?: string | undefined;
  /** Has an enabled credential that expires within so many milliseconds, and has not yet. */
  readonly expiringWithin?: number | undefined;
  /** ISO 8601, rounded down to the minute: has a credential that was made before that and not used since. */
  readonly unusedSince?: string | undefined;
  /** Has, or has not, a credential that was never used. */
  readonly neverUsed?: boolean | undefined;
  /** 1 to {@link MAX_LIST_LIMIT}; left out: all of them. */
  readonly limit?: number | undefined;
  /** `next` of the page before. */
  readonly cursor?: string | undefined;
}

export interface AccountList<T = Account> {
  /** How many there are, on this page and all others. */
  readonly total: number;
  /** The cursor of the next page; null when there is none. */
  readonly next: AccountId | null;
  /** In order of creation, read as they are consumed. */
  readonly accounts: AsyncIterable<T>;
}

type Needs = Pick<Ports, 'accounts' | 'clock'>;

/** All accounts, for admins. */
export const listAccounts =
  (ports: Needs) =>
  async (caller: Caller, query: AccountQuery = {}): Promise<AccountList> => {
    const [filter, page] = parseQuery(query, ports.clock.now());
    demandAdmin(caller);
    return list(ports, filter, page);
  };

/** The accounts that the calling user owns. */
export const listOwnAccounts =
  (ports: Needs) =>
  async (caller: Caller, query: AccountQuery = {}): Promise<AccountList> => {
    const [filter, page] = parseQuery(query, ports.clock.now());
    const actor = demandActor(caller);
    if (actor.kind !== 'user') return { total: 0, next: null, accounts: each([]) };
    return list(ports, { ...filter, owner: actor.userId }, page);
  };

/** An account, and what a user granted it. */
export interface AuthorizedAccount {
  /** Without its credentials: they are nobody else's business. */
  readonly account: Account;
  readonly authorization: Authorization;
}

/** The accounts that the calling user authorized; an operator's or admin's choice of anybody's. @param query.userId for admins */
export const listAuthorizedAccounts =
  (ports: Needs & Pick<Ports, 'oauth'>) =>
  async (
    caller: Caller,
    { userId: given, ...query }: AccountQuery & { readonly userId?: string | undefined } = {},
  ): Promise<AccountList<AuthorizedAccount>> => {
    const asked = given === undefined ? null : parseUserId(given);
    const [filter, page] = parseQuery(query, ports.clock.now());
    const actor = demandActor(caller);
    const own = actor.kind === 'user' ? actor.userId : null;
    if (asked !== null && asked !== own) demandAdmin(actor);
    const userId = asked ?? own;
    if (userId === null) return { total: 0, next: null, accounts: each([]) };
    const found = await list(ports, { ...filter, authorizedBy: userId }, page);
    return { ...found, accounts: withAuthorizations(ports, userId, found.accounts) };
  };

/** How many accounts are in memory at once while all of them are told. */
const CHUNK = 100;

interface Asked {
  readonly limit: number | null;
  readonly after: AccountId | null;
}

async function list({ accounts }: Needs, filter: AccountFilter, { limit, after }: Asked): Promise<AccountList> {
  const total = await accounts.count(filter);
  if (limit === null) return { total, next: null, accounts: all(accounts, filter, after) };
  const found = await accounts.list(filter, { limit: limit + 1, after });
  const page = found.slice(0, limit);
  const next = found.length > page.length ? (page.at(-1)?.id ?? null) : null;
  return { total, next, accounts: each(page) };
}

async function* all(
  accounts: Ports['accounts'],
  filter: AccountFilter,
  start: AccountId | null,
): AsyncGenerator<Account> {
  for (let after = start; ;) {
    const chunk = await accounts.list(filter, { limit: CHUNK, after });
    yield* chunk;
    after = chunk.at(-1)?.id ?? null;
    if (chunk.length < CHUNK) return;
  }
}

async function* each<T>(accounts: readonly T[]): AsyncGenerator<T> {
  yield* accounts;
}

async function* withAuthorizations(
  { oauth }: Pick<Ports, 'oauth'>,
  userId: UserId,
  accounts: AsyncIterable<Account>,
): AsyncGenerator<AuthorizedAccount> {
  for await (const some of inChunks(accounts)) {
    const ids = some.map(({ id }) => id);
    const byId = new Map((await oauth.authorizationsOf(userId, ids)).map((word) => [word.accountId, word]));
    for (const account of some) {
      const authorization = byId.get(account.id);
      // Uninstalled since the account was read.
      if (authorization) yield { account: { ...account, credentials: [] }, authorization };
    }
  }
}

async function* inChunks<T>(items: AsyncIterable<T>): AsyncGenerator<readonly T[]> {
  let chunk: T[] = [];
  for await (const one of items) if (chunk.push(one) === CHUNK) yield chunk.splice(0);
  if (chunk.length > 0) yield chunk;
}

function parseQuery(query: AccountQuery, now: number): [AccountFilter, Asked] {
  const { owner, locked, grantType, scope, q, limit, cursor, expiringWithin, unusedSince, neverUsed } = query;
  const filter = {
    owner: owner === undefined ? undefined : parseUserId(owner, 'owner'),
    locked,
    grantType: grantType === undefined ? undefined : parseGrantType('grantType', grantType),
    scope: scope === undefined ? undefined : parseScope('scope', scope),
    q: q === undefined ? undefined : parseText('q', q, MAX_SEARCH_LENGTH),
    expiring: expiringWithin === undefined ? undefined : { after: now, until: now + parseWithin(expiringWithin) },
    // A use within that minute is told as one at its beginning.
    unusedSince: unusedSince === undefined ? undefined : toLastUseGrain(parseTime('unusedSince', unusedSince)),
    neverUsed,
  };
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIST_LIMIT))
    throw fieldInvalid('limit', 'not_whole_number', { min: 1, max: MAX_LIST_LIMIT });
  return [filter, { limit: limit ?? null, after: cursor === undefined ? null : parseAccountId('cursor', cursor) }];
}

/** A hundred years: whatever is longer is a mistake. */
const MAX_WITHIN = 100 * 365 * 86_400_000;

function parseWithin(given: number): number {
  if (Number.isInteger(given) && given >= 0 && given <= MAX_WITHIN) return given;
  throw fieldInvalid('expiringWithin', 'not_whole_number', { min: 0, max: MAX_WITHIN });
}
