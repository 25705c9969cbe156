import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  andThen,
  appIdKey,
  MAX_DESCRIPTION_LENGTH,
  type AccessKey,
  type Account,
  type AccountFilter,
  type AccountId,
  type AccountReader,
  type AppId,
  type Awaitable,
  type KeyHolder,
  type Page,
} from '@claviger/domain';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { accountsIn, selectAccounts } from './account-rows.js';
import { KEYS_OF_ACCOUNT, KEY_HOLDER } from './credential-rows.js';
import type { Engine, Row } from './engine.js';
import { ACCOUNTS, type AccountRow } from './schemas.js';
import { rowsOf } from './statement.js';

/** Reads an account and its credentials in one statement: in two, somebody could write between them. */
export class TypeOrmAccountReader implements AccountReader {
  constructor(private readonly engine: Engine) {}

  find(appId: AppId): Promise<Account | null> {
    return this.engine.read(async (manager) => {
      const rows = await rowsOf(manager, selectAccounts('a.app_id_key = $1'), [appIdKey(appId)]);
      return accountsIn(rows)[0] ?? null;
    });
  }

  findByAccessKey(accessKey: AccessKey): Awaitable<KeyHolder | null> {
    return this.engine.find(KEY_HOLDER, accessKey);
  }

  findKeysOf(appId: AppId): Awaitable<readonly KeyHolder[]> {
    return andThen(this.engine.find(KEYS_OF_ACCOUNT, appIdKey(appId)), (keys) => keys ?? []);
  }

  async list(filter: AccountFilter, { limit, after }: Page<AccountId>): Promise<readonly Account[]> {
    const found: Account[] = [];
    for await (const stretch of this.stretches(filter, after)) {
      const page = { limit: limit - found.length, ...stretch };
      found.push(...(await this.engine.read((manager) => accountsOf(manager, filter, page))));
      if (found.length === limit) break;
    }
    return found;
  }

  async count(filter: AccountFilter): Promise<number> {
    let total = 0;
    for await (const stretch of this.stretches(filter, null)) total += await this.countStretch(filter, stretch);
    return total;
  }

  private async countStretch(filter: AccountFilter, { after: start, until }: Stretch): Promise<number> {
    for (let [total, after] = [0, start]; ; await nextTurn()) {
      const stretch = { after, until };
      const next = await this.engine.read((manager) => nthOf(COUNTED_AT_ONCE, manager, filter, stretch));
      if (next === null) return total + (await this.engine.read((manager) => countOf(manager, filter, stretch)));
      total += COUNTED_AT_ONCE;
      after = next;
    }
  }

  /**
   * What is to be walked through, from where on. SQLite stops the process while it looks: others have their turn before,
   * also between the pages of a whole list. Some filters look at every account, and these go a stretch at a time.
   */
  private async *stretches(filter: AccountFilter, start: AccountId | null): AsyncGenerator<Stretch> {
    for (let after = start; ;) {
      const rest = { after, until: null };
      const until = looksAtEach(filter)
        ? await this.engine.read((manager) => nthOf(LOOKED_AT_AT_ONCE, manager, {}, rest))
        : null;
      await nextTurn();
      yield { after, until };
      if (until === null) return;
      after = until;
    }
  }
}

/** Accounts: so many take SQLite a few milliseconds. */
const [COUNTED_AT_ONCE, LOOKED_AT_AT_ONCE] = [10_000, 2_000];

/** From behind the one up to the other; null: from the beginning, to the end. */
interface Stretch {
  readonly after: AccountId | null;
  readonly until: AccountId | null;
}

/** No index knows them. */
export function looksAtEach({ q, unusedSince, neverUsed }: AccountFilter): boolean {
  return q !== undefined || unusedSince !== undefined || neverUsed !== undefined;
}

async function accountsOf(
  manager: EntityManager,
  filter: AccountFilter,
  page: Page<AccountId> & Stretch,
): Promise<readonly Account[]> {
  const [wanted, values] = wantedPage(manager, filter, page).getQueryAndParameters();
  return accountsIn(await manager.query<Row[]>(selectAccounts(`a.id IN (${wanted})`), values));
}

/** To hop from one to the next is faster than to count. Null when there are not so many. */
async function nthOf(
  place: number,
  manager: EntityManager,
  filter: AccountFilter,
  stretch: Stretch,
): Promise<AccountId | null> {
  const page = wantedPage(manager, filter, { limit: 1, ...stretch }).offset(place - 1);
  const [row] = await manager.query<Row[]>(...page.getQueryAndParameters());
  return (row?.['id'] ?? null) as AccountId | null;
}

async function countOf(manager: EntityManager, filter: AccountFilter, stretch: Stretch): Promise<number> {
  const [wanted, values] = wantedPage(manager, filter, { limit: COUNTED_AT_ONCE, ...stretch }).getQueryAndParameters();
  const [row] = await manager.query<Row[]>(`SELECT count(*) AS count FROM (${wanted}) AS part`, values);
  return Number(row?.['count']);
}

/** The ids of a page, in order. */
export function wantedPage(
  manager: EntityManager,
  filter: AccountFilter,
  { limit, after, until }: Page<AccountId> & Stretch,
): SelectQueryBuilder<AccountRow> {
  const { owner, locked, grantType, scope, q, authorizedBy } = filter;
  const query = manager.createQueryBuilder(ACCOUNTS, 'wanted').select('wanted.id', 'id').where('TRUE');
  query.orderBy('wanted.id').limit(limit);
  if (after !== null) query.andWhere('wanted.id > :after', { after });
  if (until !== null) query.andWhere('wanted.id <= :until', { until });
  if (owner !== undefined) query.andWhere('wanted.owner = :owner', { owner });
  // Nobody tells SQLite that an owner has few: it would walk all that are not locked.
  const isLocked = owner === undefined ? 'wanted.locked = :locked' : '(wanted.locked = :locked) IS TRUE';
  if (locked !== undefined) query.andWhere(isLocked, { locked });
  // Written out and not passed as parameters: only so do both databases see that a partial index fits.
  if (grantType !== undefined) query.andWhere(`wanted.grantTypes LIKE '%${grantType}%'`);
  if (scope !== undefined) query.andWhere(`wanted.scope LIKE '%${scope}%'`);
  if (q !== undefined) whereTextOccurs(query, q);
  whereACredential(query, filter);
  if (authorizedBy !== undefined)
    query.andWhere('wanted.id IN (SELECT account_id FROM authorizations WHERE user_id = :authorizedBy)', {
      authorizedBy,
    });
  return query;
}

function whereACredential(query: SelectQueryBuilder<AccountRow>, filter: AccountFilter): void {
  const { expiring, unusedSince, neverUsed, retiringWhenIdle: now } = filter;
  // Few of all: found through an index and looked up.
  const among = (condition: string) => `wanted.id IN (SELECT account_id FROM credentials WHERE ${condition})`;
  if (expiring !== undefined)
    query.andWhere(among("status = 'ENABLE' AND expires_at > :from AND expires_at <= :until"), {
      from: expiring.after,
      until: expiring.until,
    });
  if (now !== undefined)
    query.andWhere(
      among(`superseded_retire = 'after-idle' AND status = 'ENABLE' AND (expires_at IS NULL OR expires_at > :now)`),
      { now },
    );
  // Maybe most of all: asked of each account as the page is walked.
  const has = (condition: string) =>
    `EXISTS (SELECT 1 FROM credentials held WHERE held.account_id = wanted.id AND ${condition})`;
  if (unusedSince !== undefined)
    query.andWhere(
      has('held.created_at < :unusedSince AND (held.last_used_at IS NULL OR held.last_used_at < :unusedSince)'),
      { unusedSince },
    );
  if (neverUsed !== undefined) query.andWhere(`${neverUsed ? '' : 'NOT '}${has('held.last_used_at IS NULL')}`);
}

function whereTextOccurs(query: SelectQueryBuilder<AccountRow>, q: string): void {
  // No kept text has a NUL or is that long, and the databases refuse to look for such a one.
  if (q.includes('\0') || q.length > 4 * MAX_DESCRIPTION_LENGTH) {
    query.andWhere('FALSE');
    return;
  }
  const pattern = `%${q.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
  query.andWhere("(wanted.appIdKey LIKE :pattern ESCAPE '\\' OR wanted.descriptionKey LIKE :pattern ESCAPE '\\')", {
    pattern,
  });
}
