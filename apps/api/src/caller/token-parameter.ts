/** The query parameter in which a URL carries an access token. */
const NAME = 'access_token';

/**
 * Every access token in the URL, each as it stands there: its characters need no escaping, and no other spelling of a
 * token is the token.
 */
export function tokensIn(url: string): readonly string[] {
  const query = url.indexOf('?');
  if (query < 0) return NONE;
  const found = url
    .slice(query + 1)
    .split('&')
    .filter(isToken);
  return found.map((pair) => (pair.includes('=') ? pair.slice(pair.indexOf('=') + 1) : ''));
}

const NONE: readonly string[] = [];

/** The query without its access tokens, every other part as it was sent. @param query without its question mark */
export function withoutTokens(query: string): string {
  return query
    .split('&')
    .filter((pair) => !isToken(pair))
    .join('&');
}

/** Its name may be escaped: whoever reads the URL after us would understand it, so we do. */
function isToken(pair: string): boolean {
  const [name = ''] = pair.split('=', 1);
  return name === NAME || (/[%+]/.test(name) && new URLSearchParams(name).has(NAME));
}
