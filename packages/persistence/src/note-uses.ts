import type { CredentialUse } from '@claviger/domain';
import type { EntityManager } from 'typeorm';
import { isPostgres } from './statement.js';

/** Where uses are kept: the table, and the column by which its rows are named. */
export interface Used {
  readonly table: 'credentials' | 'access_tokens';
  readonly key: 'access_key' | 'id';
  readonly keepsAddress: boolean;
}

/** So many in one statement that there are few, and so few that no other writer waits long for a row. */
const AT_ONCE = 500;

/**
 * Notes when rows were last used, never back in time: one statement for some hundred of them, touching nothing else.
 * In the order of their keys, so that two processes never wait for each other's rows.
 */
export async function noteUses(
  manager: EntityManager,
  used: Used,
  uses: ReadonlyMap<string, CredentialUse>,
): Promise<void> {
  const statement = isPostgres(manager) ? onPostgres(used) : onSqlite(used);
  const rows = [...uses].map(([key, { at, from }]) => ({ key, at, source: from })).toSorted(byKey);
  for (let from = 0; from < rows.length; from += AT_ONCE)
    await manager.query(statement, [JSON.stringify(rows.slice(from, from + AT_ONCE))]);
}

/** By code unit, as the databases sort keys. */
function byKey(one: { key: string }, other: { key: string }): number {
  return one.key < other.key ? -1 : 1;
}

function onSqlite({ table, key, keepsAddress }: Used): string {
  return `
    UPDATE ${table} SET last_used_at = used.at ${keepsAddress ? ', last_used_from = used.source' : ''}
    FROM (SELECT value ->> 'key' AS key, value ->> 'at' AS at, value ->> 'source' AS source FROM json_each(?)) AS used
    WHERE ${table}.${key} = used.key AND (last_used_at IS NULL OR last_used_at < used.at)`;
}

/** An update locks rows in whatever order it meets them; so they are locked before, in theirs. */
function onPostgres({ table, key, keepsAddress }: Used): string {
  return `
    WITH used AS MATERIALIZED (SELECT * FROM json_to_recordset($1::json) AS told(key text, at bigint, source text)),
    locked AS MATERIALIZED (
      SELECT kept.${key} AS key FROM ${table} kept JOIN used ON kept.${key} = used.key
      WHERE kept.last_used_at IS NULL OR kept.last_used_at < used.at
      ORDER BY kept.${key} FOR NO KEY UPDATE OF kept
    )
    UPDATE ${table} kept SET last_used_at = used.at ${keepsAddress ? ', last_used_from = used.source' : ''}
    FROM locked JOIN used ON used.key = locked.key
    WHERE kept.${key} = locked.key AND (kept.last_used_at IS NULL OR kept.last_used_at < used.at)`;
}
