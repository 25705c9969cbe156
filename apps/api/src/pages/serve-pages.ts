import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sessionCookie, sessionsIn } from '../caller/session-cookie.js';
import { readAssets, readPage, type Page } from './page-files.js';
import { knownLanguage, languageCookie, pageLanguage } from './page-language.js';

/** Nothing from elsewhere, nothing inline, in no frame; scripts cannot turn a text into markup. */
const policy = (pictures: string) =>
  `default-src 'none'; script-src 'self'; style-src 'self'; img-src ${pictures}; connect-src 'self'; ` +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

const PAGE_HEADERS = {
  'content-security-policy': policy("'self'"),
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

/** That page alone shows a picture of somebody else's: the avatar of the application that asks. */
const CONSENT_HEADERS = { ...PAGE_HEADERS, 'content-security-policy': policy("'self' https:") };

const OPEN = { config: { access: 'open', quiet: true } } as const;

/**
 * The pages for people. They hold nothing that is anybody's: their scripts ask the API, as the session's user.
 * @param publicUrl where browsers reach the service; null when nobody configured it
 */
export function servePages(server: FastifyInstance, publicUrl: string | null): void {
  const session = sessionCookie(publicUrl).name;
  const isLoggedIn = ({ headers }: FastifyRequest) => sessionsIn(headers.cookie, session).length > 0;
  const serve = (name: string, { needsUser = true, headers = PAGE_HEADERS } = {}) => {
    const page = readPage(`${name}.html`);
    server.get(`/${name}`, OPEN, (request, reply) =>
      needsUser && !isLoggedIn(request)
        ? reply.redirect(`login?next=${name}`)
        : sendPage(request, reply, page, headers),
    );
  };

  // Addresses are relative: a proxy may put a path before all of them.
  server.get('/', OPEN, (request, reply) => reply.redirect(isLoggedIn(request) ? 'tokens' : 'login'));
  serve('login', { needsUser: false });
  serve('tokens');
  serve('apps');
  serve('password');
  serve('consent', { headers: CONSENT_HEADERS });
  for (const { name, type, content, etag } of readAssets())
    server.get(`/pages/${name}`, OPEN, (request, reply) => {
      reply.headers({ etag, 'cache-control': 'no-cache' });
      return request.headers['if-none-match'] === etag ? reply.code(304).send() : reply.type(type).send(content);
    });
}

function sendPage(request: FastifyRequest, reply: FastifyReply, page: Page, headers: typeof PAGE_HEADERS) {
  const { lang } = request.query as { lang?: unknown };
  const chosen = knownLanguage(lang);
  if (chosen) reply.header('set-cookie', languageCookie(chosen));
  const language = chosen ?? pageLanguage(request.headers);
  // What was shown must not come back with "back", perhaps to somebody else: pages that are not stored are not revived.
  reply.headers({ 'content-language': language, 'cache-control': 'no-store' });
  return reply.headers(headers).type('text/html; charset=utf-8').send(page[language]);
}
