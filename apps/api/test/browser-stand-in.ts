/** As much of a browser as the flow needs: cookies with their paths, and redirects that are looked at one by one. */
export interface BrowserStandIn {
  request(url: string, init?: RequestInit): Promise<Response>;
  /** Follows redirects within `origin` and gives the first address that leads elsewhere, or null. */
  follow(url: string): Promise<{ readonly left: URL | null; readonly last: Response }>;
}

export function browserAt(origin: string): BrowserStandIn {
  const jar = new Map<string, { readonly value: string; readonly path: string }>();
  const request = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const { pathname, href } = new URL(url, origin);
    const cookies = [...jar].filter(
      ([, { path }]) => pathname === path || pathname.startsWith(path.replace(/\/?$/, '/')),
    );
    const headers = new Headers(init.headers);
    if (cookies.length > 0) headers.set('cookie', cookies.map(([name, { value }]) => `${name}=${value}`).join('; '));
    const answer = await fetch(href, { ...init, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const name = pair.slice(0, pair.indexOf('='));
      const path = attributes.find((part) => /^path=/i.test(part))?.slice(5) ?? '/';
      if (attributes.some((part) => /^expires=Thu, 01 Jan 1970/i.test(part))) jar.delete(name);
      else jar.set(name, { value: pair.slice(pair.indexOf('=') + 1), path });
    }
    return answer;
  };
  const follow: BrowserStandIn['follow'] = async (url) => {
    const last = await request(url);
    const location = last.headers.get('location');
    if (location === null) return { left: null, last };
    const next = new URL(location, new URL(url, origin));
    if (next.origin !== origin || next.pathname === '/consent') return { left: next, last };
    return follow(next.href);
  };
  return { request, follow };
}
