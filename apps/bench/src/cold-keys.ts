import { accessKeyFrom } from '@claviger/domain';
import Sqlite from 'better-sqlite3';
import { Client } from 'pg';

/** More than the API keeps of what it has read. */
const KEYS = 30_000;

/**
 * Gives an account many more keys, by hand: over HTTP that would take longer than the whole measurement. Nobody knows
 * their secrets.
 * @returns the access keys
 */
export async function addColdKeys(url: string, file: string, appId: string): Promise<readonly string[]> {
  const keys = Array.from({ length: KEYS }, (_, number) => accessKeyFrom(String(number).padStart(24, '0')));
  if (url.startsWith('sqlite:')) {
    const database = new Sqlite(file, { timeout: 5_000 });
    database
      .prepare(inserting('json_each(:keys)', 'value', 'key + 10', ':appId'))
      .run({ keys: JSON.stringify(keys), appId });
    database.close();
  } else {
    const client = new Client({ connectionString: url });
    await client.connect();
    const text = inserting('unnest($1::text[]) WITH ORDINALITY AS given(key, place)', 'given.key', 'place + 10', '$2');
    await client.query(text, [keys, appId]);
    await client.end();
  }
  return keys;
}

function inserting(from: string, key: string, position: string, appId: string): string {
  return `INSERT INTO credentials (access_key, account_id, position, secret_mac, secret_pepper, secret_hint, grant_type, status, created_at)
    SELECT ${key}, a.id, ${position}, 'unknown', (SELECT min(secret_pepper) FROM credentials), 'csk_xxxx', 'PLATFORM', 'ENABLE', 1790000000000
    FROM ${from}, accounts a WHERE a.app_id = ${appId}`;
}
