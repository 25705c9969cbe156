import type { SigningKey, SigningKeyEvent, SigningKeyReader, SigningKeyStore } from '@claviger/domain';
import type { EntityManager } from 'typeorm';
import type { Engine, Row } from './engine.js';
import { changedBy, isPostgres, rowsOf } from './statement.js';
import type { TypeOrmAuditTrail } from './typeorm-audit-trail.js';

const COLUMNS = 'id, secret_key, secret_box, secret_fingerprint, created_at, signs_from';

export class TypeOrmSigningKeyReader implements SigningKeyReader {
  constructor(private readonly engine: Engine) {}

  list(): Promise<readonly SigningKey[]> {
    return this.engine.read(listOn);
  }
}

/** The signing keys of one open transaction. */
export class TypeOrmSigningKeyStore implements SigningKeyStore {
  constructor(
    private readonly manager: EntityManager,
    private readonly audit: TypeOrmAuditTrail,
  ) {}

  async list(): Promise<readonly SigningKey[]> {
    // Not by rows: where there is none yet, two would each make the first.
    if (isPostgres(this.manager))
      await rowsOf(this.manager, "SELECT pg_advisory_xact_lock(hashtextextended('claviger signing keys', 0))");
    return listOn(this.manager);
  }

  async add(key: SigningKey, because: SigningKeyEvent): Promise<void> {
    const { keyId, box, fingerprint } = key.privateKey;
    const statement = `INSERT INTO signing_keys (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6)`;
    await changedBy(this.manager, statement, [key.id, keyId, box, fingerprint, key.createdAt, key.signsFrom]);
    await this.record(key, because);
  }

  async remove(key: SigningKey, because: SigningKeyEvent): Promise<void> {
    await changedBy(this.manager, 'DELETE FROM signing_keys WHERE id = $1', [key.id]);
    await this.record(key, because);
  }

  private record({ id }: SigningKey, because: SigningKeyEvent): Promise<void> {
    return this.audit.record({ kind: 'signing_key', id, name: id }, because);
  }
}

async function listOn(manager: EntityManager): Promise<readonly SigningKey[]> {
  return (await rowsOf(manager, `SELECT ${COLUMNS} FROM signing_keys`)).map(toSigningKey);
}

function toSigningKey(row: Row): SigningKey {
  return {
    id: row['id'] as SigningKey['id'],
    privateKey: {
      keyId: String(row['secret_key']),
      box: String(row['secret_box']),
      fingerprint: String(row['secret_fingerprint']),
    },
    createdAt: Number(row['created_at']),
    signsFrom: Number(row['signs_from']),
  };
}
