import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEverything } from '@claviger/testing/postgres';
import type { Setting } from './api-process.js';

/** All that the database holds: its files to the last byte, or each row of each table. */
export async function contentsOf({ cwd, env }: Setting): Promise<string> {
  const url = env?.['CLAVIGER_DATABASE_URL'];
  if (url) return readEverything(url);
  const folder = join(cwd, 'data');
  const files = readdirSync(folder).filter((file) => !file.endsWith('.key'));
  return files.map((file) => readFileSync(join(folder, file), 'latin1')).join('\n');
}
