import { DatabaseUnusable } from './database-errors.js';

/** Where the database is; `name` may be shown, it has no password. */
export type Place =
  | { readonly kind: 'sqlite'; readonly path: string; readonly name: string }
  | { readonly kind: 'postgres'; readonly url: string; readonly name: string };

/** @throws DatabaseUnusable with a message that does not repeat the text: it may hold a password. */
export function parseDatabaseUrl(text: string): Place {
  const sqlite = /^sqlite:(?:\/\/)?(.+)$/s.exec(text)?.[1];
  if (sqlite !== undefined && !sqlite.startsWith(':')) return { kind: 'sqlite', path: sqlite, name: sqlite };
  if (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text)) {
    const { hostname, port, pathname } = new URL(text);
    return { kind: 'postgres', url: text, name: `${hostname}:${port || '5432'}${pathname}` };
  }
  throw new DatabaseUnusable(
    'The database cannot be used: its address is neither sqlite:<path> nor postgres://user:password@host/name.',
  );
}
