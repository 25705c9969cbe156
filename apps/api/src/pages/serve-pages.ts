import type { IncomingHttpHeaders } from 'node:http';
import type { Language } from '@claviger/domain';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sessionCookie } from '../caller/session-cookie.js';
import { languageOf } from '../language.js';
import { readAssets, readPage } from './page-files.js';

/** Nothing from elsewhere, nothing inline, in no frame; scripts cannot turn a text into markup. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

const PAGE_HEADERS = {
  'content-security-policy': POLICY,
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

const LANGUAGE_COOKIE = 'claviger_language';
/** A year, in seconds. */
const LANGUAGE_LIFETIME = 31_536_000;

const OPEN = { config: { access: 'open', quiet: true } } as const;

/**
 * The pages for people. They hold nothing that is anybody's: their scripts ask the API, as the session's user.
 * @param publicUrl where browsers reach the service; null when nobody configured it
 */
export function servePages(server: FastifyInstance, publicUrl: string | null): void {
  const [login, tokens] = [readPage('login.html'), readPage('tokens.html')];
  const session = sessionCookie(publicUrl).name;
  const isLoggedIn = ({ headers }: FastifyRequest) => cookieOf(headers, session) !== null;

  // Addresses are relative: a proxy may put a path before all of them.
  server.get('/', OPEN, (request, reply) => reply.redirect(isLoggedIn(request) ? 'tokens' : 'login'));
  server.get('/login', OPEN, (request, reply) => sendPage(request, reply, login));
  server.get('/tokens', OPEN, (request, reply) =>
    isLoggedIn(request) ? sendPage(request, reply, tokens) : reply.redirect('login'),
  );
  const consent = readPage('consent.html');
  server.get('/consent', OPEN, (request, reply) =>
    isLoggedIn(request) ? sendPage(request, reply, consent) : reply.redirect('login?next=consent'),
  );
  for (const { name, type, content, etag } of readAssets())
    server.get(`/pages/${name}`, OPEN, (request, reply) => {
      reply.headers({ etag, 'cache-control': 'no-cache' });
      return request.headers['if-none-match'] === etag ? reply.code(304).send() : reply.type(type).send(content);
    });
}

function sendPage(request: FastifyRequest, reply: FastifyReply, page: Readonly<Record<Language, string>>) {
  const { lang } = request.query as { lang?: unknown };
  const chosen = known(lang);
  if (chosen) reply.header('set-cookie', languageCookie(chosen));
  const language = chosen ?? known(cookieOf(request.headers, LANGUAGE_COOKIE)) ?? languageOf(request.headers);
  // What was shown must not come back with "back", perhaps to somebody else: pages that are not stored are not revived.
  reply.headers({ 'content-language': language, 'cache-control': 'no-store' });
  return reply.headers(PAGE_HEADERS).type('text/html; charset=utf-8').send(page[language]);
}

function known(language: unknown): Language | null {
  return language === 'en' || language === 'zh' ? language : null;
}

function languageCookie(language: Language): string {
  return `${LANGUAGE_COOKIE}=${language}; Path=/; Max-Age=${LANGUAGE_LIFETIME}; HttpOnly; SameSite=Lax`;
}

function cookieOf({ cookie = '' }: IncomingHttpHeaders, name: string): string | null {
  const found = cookie.split(';').find((pair) => pair.trim().startsWith(`${name}=`));
  return found?.slice(found.indexOf('=') + 1) ?? null;
}
