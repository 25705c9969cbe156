import type { IncomingHttpHeaders } from 'node:http';
import type { Language } from '@claviger/domain';
import Negotiator from 'negotiator';

/** The first one is spoken to whoever asks for neither. */
const LANGUAGES: readonly Language[] = ['en', 'zh'];

/** What the caller would rather read, by Accept-Language. */
export function languageOf(headers: IncomingHttpHeaders): Language {
  const preferred = new Negotiator({ headers }).language(LANGUAGES);
  return LANGUAGES.find((language) => language === preferred) ?? 'en';
}
