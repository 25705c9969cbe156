import { randomBytes } from 'node:crypto';

/** A secret text that was seen, kept so that no dump of the memory shows it as it stands. */
export type SeenText = Uint8Array;

/** Longer than any text that this service hands out. */
const MOST = 64;
const MASK = randomBytes(MOST);

/** Null: too long to be kept. */
export function see(text: string): SeenText | null {
  return text.length > MOST ? null : Uint8Array.from(text, (_, at) => text.charCodeAt(at) ^ (MASK[at] ?? 0));
}

/** Whether it is that text. Takes as long wherever they differ, and a small part of the time of a digest. */
export function isSeen(text: string, seen: SeenText): boolean {
  if (text.length !== seen.length) return false;
  let difference = 0;
  for (let at = 0; at < seen.length; at++)
    difference |= text.charCodeAt(at) ^ (MASK[at] as number) ^ (seen[at] as number);
  return difference === 0;
}
