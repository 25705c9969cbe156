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

/**
 * @param values what the page says besides the texts; `root` leads from it to where the pages stand
 * @throws when the page asks for a part or a text that there is not
 */
export function readPage(name: string, values: Readonly<Record<string, string>> = { root: '' }): Page {
  const page = readPart(name).replace(/<!-- (parts\/\w+\.html) -->/g, (_, part: string) => readPart(part).trimEnd());
  return { en: fill(page, { ...TEXTS.en, ...values }), zh: fill(page, { ...TEXTS.zh, ...values }) };
}

function readPart(name: string): string {
  return readFileSync(new URL(name, ASSETS), 'utf8');
}

function fill(page: string, texts: Readonly<Record<string, string>>): string {
  return page.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const text = texts[name];
    if (text === undefined) throw new Error(`There is no text ${name}.`);
    return escapeHtml(text);
  });
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
