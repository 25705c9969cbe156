import type { IncomingHttpHeaders } from 'node:http';
import type { Language } from '@claviger/domain';
import { languageOf } from '../language.js';

const COOKIE = 'claviger_language';
/** A year, in seconds. */
const LIFETIME = 31_536_000;

/** What was chosen on a page before; otherwise what the browser prefers. */
export function pageLanguage(headers: IncomingHttpHeaders): Language {
  const [, kept] = new RegExp(`(?:^|;\\s*)${COOKIE}=([^;]*)`).exec(headers.cookie ?? '') ?? [];
  return knownLanguage(kept) ?? languageOf(headers);
}

export function knownLanguage(given: unknown): Language | null {
  return given === 'en' || given === 'zh' ? given : null;
}

/** The value of Set-Cookie that keeps a choice. */
export function languageCookie(language: Language): string {
  return `${COOKIE}=${language}; Path=/; Max-Age=${LIFETIME}; HttpOnly; SameSite=Lax`;
}
