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
  const [head, ...rows] = tableUnder('| Who …');
  const columns = cellsOf(head).slice(2);
  if (columns.join() !== COLUMNS.join()) throw new Error(`The columns are ${columns.join()}.`);
  return rows.map(rowOf);
}

/** What an application needs for the routes that begin so, in the words of the page. */
export interface Need {
  /** `POST /path`, or the beginning of paths; empty: all others. */
  readonly route: string;
  readonly need: string;
}

/** What applications need, as it stands on the page: of the lines that fit a route, the first counts. */
export function readNeeds(): readonly Need[] {
  const [, ...rows] = tableUnder('| What an application asks');
  return rows.map((line) => {
    const [route = '', need = ''] = cellsOf(line);
    return { route: /^`(.+?)…?`$/.exec(route)?.[1] ?? '', need };
  });
}

/** The lines of the table that begins so, without the one under its head. */
function tableUnder(beginning: string): [string, ...string[]] {
  const lines = readFileSync(PAGE, 'utf8').split('\n');
  const from = lines.findIndex((line) => line.startsWith(beginning));
  const [head = '', , ...rest] = lines.slice(from);
  const end = rest.findIndex((line) => !line.startsWith('|'));
  return [head, ...rest.slice(0, end)];
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
