/** The cookie that a browser keeps a session in. */
export interface SessionCookie {
  readonly name: string;
  /** The value of Set-Cookie. @param lifetime milliseconds */
  set(session: string, lifetime: number): string;
  /** The value of Set-Cookie that takes it away. */
  clear(): string;
}

const NAME = 'claviger_session';

/**
 * Not for scripts, and not for requests that other sites start, but for following a link. Under https the name's prefix
 * makes browsers keep it to this host, and to https.
 * @param publicUrl where browsers reach the service; null when nobody configured it
 */
export function sessionCookie(publicUrl: string | null): SessionCookie {
  const secure = publicUrl?.startsWith('https:') ?? false;
  const name = secure ? `__Host-${NAME}` : NAME;
  const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  return {
    name,
    set: (session, lifetime) => `${name}=${session}; Max-Age=${Math.floor(lifetime / 1000)}; ${attributes}`,
    clear: () => `${name}=; Max-Age=0; ${attributes}`,
  };
}

/** Every session in the header `Cookie`: a doubled one is no reason to choose. */
export function sessionsIn(cookies: string | undefined, name: string): readonly string[] {
  if (cookies === undefined) return NONE;
  const found = cookies.split(';').map((pair) => pair.trim());
  return found.filter((pair) => pair.startsWith(`${name}=`)).map((pair) => pair.slice(name.length + 1));
}

const NONE: readonly string[] = [];
