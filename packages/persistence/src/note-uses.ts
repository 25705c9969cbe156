import type { CredentialUse } from '@claviger/domain';
import type { EntityManager } from 'typeorm';
import { isPostgres } from './statement.js';

/** Where uses are kept: the table, and the columns by which its rows are named. */
export interface Used {
  readonly table: 'credentials' | 'access_tokens' | 'authorizations';
  readonly keys: readonly string[];
  readonly keepsAddress: boolean;
}

/** When a row was used; its key has a value for each of the columns that name it. */
export interface UseOfRow extends CredentialUse {
  readonly key: readonly string[];
}

/** So many in one statement that there are few, and so few that no other writer waits long for a row. */
const AT_ONCE = 500;

/**
 * Notes when rows were last used, never back in time: one statement for some hundred of them, touching nothing else.
 * In the order of their keys, so that two processes never wait for each other's rows.
 */
export async function noteUses(manager: EntityManager, used: Used, uses: readonly UseOfRow[]): Promise<void> {
  const statement = isPostgres(manager) ? onPostgres(used) : onSqlite(used);
  const rows = uses.toSorted(byKey).map(({ key, at, from }) => ({ ...named(used.keys, key), at, source: from }));
  for (let from = 0; from < rows.length; from += AT_ONCE)
    await manager.query(statement, [JSON.stringify(rows.slice(from, from + AT_ONCE))]);
}

function named(columns: readonly string[], key: readonly string[]): Record<string, string | undefined> {
  return Object.fromEntries(columns.map((column, place) => [column, key[place]]));
}

/** By code unit, column after column, as the databases sort keys. */
function byKey({ key: one }: UseOfRow, { key: other }: UseOfRow): number {
  const place = one.findIndex((value, at) => value !== other[at]);
  return place < 0 ? 0 : (one[place] ?? '') < (other[place] ?? '') ? -1 : 1;
}

function onSqlite({ table, keys, keepsAddress }: Used): string {
  return `
    UPDATE ${table} SET last_used_at = used.at ${keepsAddress ? ', last_used_from = used.source' : ''}
    FROM (SELECT ${keys.map((key) => `value ->> '${key}' AS ${key}`).join()},
      value ->> 'at' AS at, value ->> 'source' AS source FROM json_each(?)) AS used
    WHERE ${matching(keys, table, 'used')} AND (last_used_at IS NULL OR last_used_at < used.at)`;
}

/** An update locks rows in whatever order it meets them; so they are locked before, in theirs. */
function onPostgres({ table, keys, keepsAddress }: Used): string {
  const kept = keys.map((key) => `kept.${key}`).join();
  return `
    WITH used AS MATERIALIZED (SELECT * FROM json_to_recordset($1::json)
      AS told(${keys.map((key) => `${key} text`).join()}, at bigint, source text)),
    locked AS MATERIALIZED (
      SELECT ${kept} FROM ${table} kept JOIN used ON ${matching(keys, 'kept', 'used')}
      WHERE kept.last_used_at IS NULL OR kept.last_used_at < used.at
      ORDER BY ${kept} FOR NO KEY UPDATE OF kept
    )
    UPDATE ${table} kept SET last_used_at = used.at ${keepsAddress ? ', last_used_from = used.source' : ''}
    FROM locked JOIN used ON ${matching(keys, 'used', 'locked')}
    WHERE ${matching(keys, 'kept', 'locked')} AND (kept.last_used_at IS NULL OR kept.last_used_at < used.at)`;
}

function matching(keys: readonly string[], one: string, other: string): string {
  return keys.map((key) => `${one}.${key} = ${other}.${key}`).join(' AND ');
}
