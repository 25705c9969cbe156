import {
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
import { toAccount } from './account-rows.js';
import { KEY_HOLDER } from './credential-rows.js';
import type { Engine } from './engine.js';
import { ACCOUNTS, type AccountRow } from './schemas.js';

/** Reads an account and its credentials in one statement: in two, somebody could write between them. */
export class TypeOrmAccountReader implements AccountReader {
  constructor(private readonly engine: Engine) {}

  find(appId: AppId): Promise<Account | null> {
    return this.engine.read(async (manager) => {
      const found = accountsWhole(manager).where('account.appIdKey = :key', { key: appIdKey(appId) });
      return (await readAccounts(found))[0] ?? null;
    });
  }

  findByAccessKey(accessKey: AccessKey): Awaitable<KeyHolder | null> {
    return this.engine.find(KEY_HOLDER, accessKey);
  }

  list(filter: AccountFilter, page: Page<AccountId>): Promise<readonly Account[]> {
    return this.engine.read((manager) => {
      const wanted = wantedAccounts(manager, filter).orderBy('wanted.id').limit(page.limit);
      if (page.after !== null) wanted.andWhere('wanted.id > :after', { after: page.after });
      const whole = accountsWhole(manager)
        .where(`account.id IN (${wanted.getQuery()})`)
        .setParameters(wanted.getParameters());
      return readAccounts(whole);
    });
  }

  count(filter: AccountFilter): Promise<number> {
    return this.engine.read((manager) => wantedAccounts(manager, filter).getCount());
  }
}

function accountsWhole(manager: EntityManager): SelectQueryBuilder<AccountRow> {
  return manager
    .createQueryBuilder(ACCOUNTS, 'account')
    .leftJoinAndSelect('account.credentials', 'credential')
    .orderBy('account.id')
    .addOrderBy('credential.createdAt')
    .addOrderBy('credential.position');
}

async function readAccounts(query: SelectQueryBuilder<AccountRow>): Promise<readonly Account[]> {
  return (await query.getMany()).map((row) => toAccount(row, row.credentials ?? []));
}

function wantedAccounts(manager: EntityManager, filter: AccountFilter): SelectQueryBuilder<AccountRow> {
  const { owner, locked, grantType, scope, q, authorizedBy } = filter;
  const query = manager.createQueryBuilder(ACCOUNTS, 'wanted').select('wanted.id').where('TRUE');
  if (owner !== undefined) query.andWhere('wanted.owner = :owner', { owner });
  if (locked !== undefined) query.andWhere('wanted.locked = :locked', { locked });
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
