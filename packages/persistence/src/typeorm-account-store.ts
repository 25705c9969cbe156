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
import { insert, select, update } from './table-statements.js';
import type { TypeOrmAuditTrail } from './typeorm-audit-trail.js';

/** The accounts of one open transaction. */
export class TypeOrmAccountStore implements AccountStore {
  private readonly found = new Map<Account['id'], readonly CredentialRow[]>();

  constructor(
    private readonly manager: EntityManager,
    private readonly audit: TypeOrmAuditTrail,
  ) {}

  /** Locks the row first: what is read after that stays true, the credentials too. On SQLite the transaction is the lock. */
  async find(appId: AppId): Promise<Account | null> {
    const lock = isPostgres(this.manager) ? 'FOR UPDATE' : '';
    const [row] = await select(this.manager, ACCOUNTS, { appIdKey: appIdKey(appId) }, lock);
    if (!row) return null;
    const credentials = await this.credentialsOf(row);
    this.found.set(row.id, credentials);
    return toAccount(row, credentials);
  }

  async add(account: Account, because: AccountEvent): Promise<void> {
    await translated(insert(this.manager, ACCOUNTS, fromAccount(account)));
    for (const [i, credential] of account.credentials.entries())
      await insert(this.manager, CREDENTIALS, fromCredential(credential, account.id, i));
    await this.record(account, because);
  }

  async save(account: Account, because: AccountEvent): Promise<void> {
    const { id, version, ...row } = fromAccount(account);
    const values = { ...row, version: version + 1 };
    const changed = await translated(update(this.manager, ACCOUNTS, { id, version }, values));
    if (changed !== 1) throw new PlatformError('write_was_stale');
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
    return select(this.manager, CREDENTIALS, { accountId: id }, 'ORDER BY created_at, position');
  }

  /** What is gone is deleted, what is new inserted; of the others only what can change is written. */
  private async saveCredentials(account: Account): Promise<void> {
    // Found under the lock of their account, they are what they were; but not after this.
    const rows = this.found.get(account.id) ?? (await this.credentialsOf(account));
    this.found.delete(account.id);
    const kept = new Map(rows.map((row) => [row.accessKey, row]));
    let position = Math.max(-1, ...[...kept.values()].map((row) => row.position));
    for (const credential of account.credentials) {
      const { accessKey } = credential;
      const row = kept.get(accessKey);
      if (!row) await insert(this.manager, CREDENTIALS, fromCredential(credential, account.id, ++position));
      else await this.update(row, fromCredential(credential, account.id, row.position));
      kept.delete(accessKey);
    }
    if (kept.size > 0) await this.manager.delete(CREDENTIALS, { accessKey: In([...kept.keys()]) });
  }

  private async update(kept: CredentialRow, wanted: CredentialRow): Promise<void> {
    const changes = CHANGEABLE.filter((column) => kept[column] !== wanted[column]);
    if (changes.length === 0) return;
    const values: Partial<CredentialRow> = Object.fromEntries(changes.map((column) => [column, wanted[column]]));
    await update(this.manager, CREDENTIALS, { accessKey: kept.accessKey }, values);
  }

  private record({ id, appId }: Account, because: AccountEvent): Promise<void> {
    return this.audit.record({ kind: 'account', id, name: appId }, because);
  }
}
