import type { IncomingHttpHeaders } from 'node:http';
import { readPage } from './page-files.js';
import { pageLanguage } from './page-language.js';

/** What goes with the page: it runs nothing, asks nothing and stands in no frame. */
export const ERROR_PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** Stands in the page until there is one. */
const WORD = '{{word}}';

/**
 * The page for errors that cannot be told to the application. It says the protocol's word for it and nothing of what was
 * sent, which is nobody's word, so it leads nowhere.
 * @param base where browsers reach the pages; the error itself may stand at any path below
 */
export function errorPage(base: string): (headers: IncomingHttpHeaders, error: string) => string {
  const page = readPage('error.html', { root: new URL(base).pathname.replace(/\/*$/, '/'), word: WORD });
  return (headers, error) =>
    page[pageLanguage(headers)].replace(WORD, /^[a-z_]{1,64}$/.test(error) ? error : 'server_error');
}
