import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { Language } from '@claviger/domain';
import { TEXTS } from './texts.js';

/** Scripts, styles and pictures: the same for everybody. */
export interface Asset {
  readonly name: string;
  readonly type: string;
  readonly content: Buffer;
  /** Changes with the content. */
  readonly etag: string;
}

/** A page in each language. */
export type Page = Readonly<Record<Language, string>>;

const ASSETS = new URL('assets/', import.meta.url);
const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export function readAssets(): readonly Asset[] {
  return readdirSync(ASSETS).flatMap((name): Asset[] => {
    const type = TYPES[extname(name)];
    if (!type) return [];
    const content = readFileSync(new URL(name, ASSETS));
    return [{ name, type, content, etag: `"${createHash('sha256').update(content).digest('base64url')}"` }];
  });
}

/** @throws when the page asks for a text that there is not */
export function readPage(name: string): Page {
  const page = readFileSync(new URL(name, ASSETS), 'utf8');
  return { en: inLanguage(page, 'en'), zh: inLanguage(page, 'zh') };
}

function inLanguage(page: string, language: Language): string {
  const texts: Readonly<Record<string, string>> = TEXTS[language];
  return page.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const text = texts[name];
    if (text === undefined) throw new Error(`There is no text ${name}.`);
    return escapeHtml(text);
  });
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
