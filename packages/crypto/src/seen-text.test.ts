import { describe, expect, test } from '@jest/globals';
import { isSeen, see, type SeenText } from './seen-text.js';

const seen = (text: string): SeenText => see(text) ?? new Uint8Array();

describe('a text that was seen', () => {
  test('is that text and no other', () => {
    const latin = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));
    const texts = ['', ...latin, latin.slice(0, 64).join(''), latin.slice(192).join('')];
    for (const one of texts) for (const other of texts) expect(isSeen(other, seen(one))).toBe(one === other);
  });

  test('differs by any one character, and by any beyond it', () => {
    const text = 'csk_0123456789';
    for (let at = 0; at < text.length; at++)
      expect(isSeen(`${text.slice(0, at)}!${text.slice(at + 1)}`, seen(text))).toBe(false);
    expect(isSeen(`${text} `, seen(text))).toBe(false);
    expect(isSeen(text.slice(0, -1), seen(text))).toBe(false);
    expect(isSeen('\u0163', seen('\u0063'))).toBe(false);
    expect(isSeen('\u0163', seen('\u0163'))).toBe(false);
  });

  test('stands nowhere in memory as it was, and is not kept when no secret is that long', () => {
    const text = 'csk_0123456789';
    expect(Buffer.from(seen(text)).toString('latin1')).not.toContain(text.slice(0, 4));
    expect(see('x'.repeat(65))).toBeNull();
  });
});
