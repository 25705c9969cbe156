import { readFileSync } from 'node:fs';
import { COLUMNS, type Column } from './permission-cast.js';

const PAGE = new URL('../../../docs/permissions.md', import.meta.url);

/** One line of the table in docs/permissions.md. */
export interface Row {
  readonly call: string;
  readonly method: string;
  /** With names in braces. */
  readonly path: string;
  readonly statuses: Readonly<Record<Column, number>>;
}

/** The table as it stands on the page. @throws when it is not in the form that tests can read */
export function readPermissions(): readonly Row[] {
  const lines = readFileSync(PAGE, 'utf8').split('\n');
  const head = lines.findIndex((line) => line.startsWith('| Who …'));
  const columns = cellsOf(lines[head] ?? '').slice(2);
  if (columns.join() !== COLUMNS.join()) throw new Error(`The columns are ${columns.join()}.`);
  const body = lines.slice(head + 2);
  return body
    .slice(
      0,
      body.findIndex((line) => !line.startsWith('|')),
    )
    .map(rowOf);
}

function rowOf(line: string): Row {
  const [call = '', route = '', ...cells] = cellsOf(line);
  const [, method, path] = /^`([A-Z]+) (\/\S*)`$/.exec(route) ?? [];
  const statuses = cells.map(Number);
  const complete = statuses.length === COLUMNS.length && statuses.every((status) => status >= 200 && status < 600);
  if (!method || !path || !complete) throw new Error(`A line that nobody can read: ${line}`);
  const entries = COLUMNS.map((column, at) => [column, statuses[at]]);
  return { call, method, path, statuses: Object.fromEntries(entries) as Record<Column, number> };
}

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}
