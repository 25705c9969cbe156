import {
  appIdKey,
  isClient,
  PlatformError,
  type AccessKey,
  type Account,
  type AccountEvent,
  type AccountStore,
  type AppId,
  type CredentialUse,
} from '@claviger/domain';
import { In, type EntityManager } from 'typeorm';
import { fromAccount, toAccount } from './account-rows.js';
import { CHANGEABLE, fromCredential } from './credential-rows.js';
import { translated } from './database-errors.js';
import { noteUses } from './note-uses.js';
import { ACCOUNTS, CREDENTIALS, type CredentialRow } from './schemas.js';
import { removeArtifacts } from './typeorm-artifact-store.js';
import { isPostgres } from './statement.js';
import type { TypeOrmAuditTrail } from './typeorm-audit-trail.js';

/** The accounts of one open transaction. */
export class TypeOrmAccountStore implements AccountStore {
  constructor(
    private readonly manager: EntityManager,
    private readonly audit: TypeOrmAuditTrail,
  ) {}

  /** Locks the row first: what is read after that stays true, the credentials too. On SQLite the transaction is the lock. */
  async find(appId: AppId): Promise<Account | null> {
    const query = this.manager
      .createQueryBuilder(ACCOUNTS, 'account')
      .where('account.appIdKey = :key', { key: appIdKey(appId) });
    if (isPostgres(this.manager)) query.setLock('pessimistic_write');
    const row = await query.getOne();
    return row && toAccount(row, await this.credentialsOf(row));
  }

  async add(account: Account, because: AccountEvent): Promise<void> {
    await translated(this.manager.insert(ACCOUNTS, fromAccount(account)));
    await this.manager.insert(
      CREDENTIALS,
      account.credentials.map((credential, i) => fromCredential(credential, account.id, i)),
    );
    await this.record(account, because);
  }

  async save(account: Account, because: AccountEvent): Promise<void> {
    const { id, version, ...row } = fromAccount(account);
    const changed = await translated(this.manager.update(ACCOUNTS, { id, version }, { ...row, version: version + 1 }));
    if (changed.affected !== 1) throw new PlatformError('write_was_stale');
    await this.saveCredentials(account);
    if (!isClient(account)) await removeArtifacts(this.manager, 'account_id', account.id);
    await this.record(account, because);
  }

  async remove(account: Account, because: AccountEvent): Promise<void> {
    // Credentials and authorizations go with their account.
    const removed = await this.manager.delete(ACCOUNTS, { id: account.id, version: account.version });
    if (removed.affected !== 1) throw new PlatformError('write_was_stale');
    await this.record(account, because);
  }

  noteUses(uses: ReadonlyMap<AccessKey, CredentialUse>): Promise<void> {
    const used = { table: 'credentials', keys: ['access_key'], keepsAddress: true } as const;
    const rows = [...uses].map(([accessKey, use]) => ({ key: [accessKey], ...use }));
    return noteUses(this.manager, used, rows);
  }

  private credentialsOf({ id }: Pick<Account, 'id'>) {
    return this.manager.find(CREDENTIALS, { where: { accountId: id }, order: { createdAt: 'ASC', position: 'ASC' } });
  }

  /** What is gone is deleted, what is new inserted; of the others only what can change is written. */
  private async saveCredentials(account: Account): Promise<void> {
    const kept = new Map((await this.credentialsOf(account)).map((row) => [row.accessKey, row]));
    let position = Math.max(-1, ...[...kept.values()].map((row) => row.position));
    for (const credential of account.credentials) {
      const { accessKey } = credential;
      const row = kept.get(accessKey);
      if (!row) await this.manager.insert(CREDENTIALS, fromCredential(credential, account.id, ++position));
      else await this.update(row, fromCredential(credential, account.id, row.position));
      kept.delete(accessKey);
    }
    if (kept.size > 0) await this.manager.delete(CREDENTIALS, { accessKey: In([...kept.keys()]) });
  }

  private async update(kept: CredentialRow, wanted: CredentialRow): Promise<void> {
    const changes = CHANGEABLE.filter((column) => kept[column] !== wanted[column]);
    if (changes.length === 0) return;
    const values: Partial<CredentialRow> = Object.fromEntries(changes.map((column) => [column, wanted[column]]));
    await this.manager.update(CREDENTIALS, { accessKey: kept.accessKey }, values);
  }

  private record({ id, appId }: Account, because: AccountEvent): Promise<void> {
    return this.audit.record({ kind: 'account', id, name: appId }, because);
  }
}
