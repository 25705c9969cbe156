import { expect, it } from '@jest/globals';
import { systemDigest } from './system-digest.js';

it.each([
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  // `printf '凭证' | sha256sum`: anybody can check the audit with any tool.
  ['凭证', '058f672b877995c009a13efa714e6187a6f9fcbf142f1923bd39ddb72dcb88ed'],
])('gives SHA-256 of the UTF-8 text %j', (text, hash) => {
  expect(systemDigest.sha256(text)).toBe(hash);
});
