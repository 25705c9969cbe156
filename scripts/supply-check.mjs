// What we take in and what we let out: the lockfile pins every package by its hash and takes none from elsewhere than the
// registry, and no file of the repository holds a secret. With `--audit` the registry is asked for known flaws as well.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseAccessToken, parseSecretKey } from '../packages/domain/dist/index.js';

function lockfileProblems() {
  const [, packages = ''] = /^packages:\n([^]*?)^snapshots:/m.exec(readFileSync('pnpm-lock.yaml', 'utf8')) ?? [];
  const resolutions = [...packages.matchAll(/^ {2}(\S+):\n {4}resolution: (.+)$/gm)];
  if (resolutions.length === 0)
    return ['pnpm-lock.yaml: no package was found in it; this script no longer understands its form'];
  return resolutions
    .filter(([, , resolution]) => !/^\{integrity: sha512-[\w+/]+=*\}$/.test(resolution))
    .map(([, name, resolution]) => `pnpm-lock.yaml: ${name} is not pinned by its hash alone: ${resolution}`);
}

/** Keys of ours say by their check characters whether they are keys; examples and tests use such as are none, or made from a pattern. */
function secretsInFiles() {
  const listed = execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8' }).split('\0');
  const files = listed.filter((file) => file !== '' && !OF_NO_USE.includes(file));
  return files.flatMap((file) => {
    const text = readFileSync(file, 'latin1');
    const found = [...text.matchAll(/\b(?:csk|cat)_[0-9A-Za-z]{49}\b/g)]
      .map(([key]) => key)
      .filter((key) => (parseSecretKey(key) ?? parseAccessToken(key)) !== null && !isPattern(key));
    const hooks = [...text.matchAll(/\bwhsec_[A-Za-z0-9+/]{43}=/g)]
      .map(([secret]) => secret)
      .filter((secret) => !isText(secret));
    const pems = [...text.matchAll(/-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/]{40}/g)].map(([pem]) => pem);
    return [...found, ...hooks, ...pems].map(
      (secret) => `${file}: holds a secret that begins with ${secret.slice(0, 12)}`,
    );
  });
}

/** Holds the key of a certificate that nobody vouches for, for tests. */
const OF_NO_USE = ['apps/api/test/self-signed.ts'];

/** Nobody draws 32 bytes that can be read. */
function isText(secret) {
  return /^[ -~]+$/.test(Buffer.from(secret.slice('whsec_'.length), 'base64').toString('latin1'));
}

/** Nobody draws a key with so few different characters: it was written by hand. */
function isPattern(key) {
  return new Set(key.slice(key.indexOf('_') + 1, -6)).size <= 12;
}

function knownFlaws() {
  const { status, stdout, stderr } = spawnSync(
    'npx',
    ['-y', 'pnpm@12.21.0', 'audit', '--prod', '--audit-level', 'high'],
    {
      encoding: 'utf8',
    },
  );
  if (status === 0) return [];
  const said = `${stdout}${stderr}`;
  if (!/AUDIT_BAD_RESPONSE|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|fetch failed/.test(said)) return [said];
  console.error(
    'NOT CHECKED: the registry at hand does not tell of known flaws. Ask one that does: npx pnpm@12.21.0 audit --prod',
  );
  return [];
}

const problems = [...lockfileProblems(), ...secretsInFiles()];
if (process.argv.includes('--audit')) problems.push(...knownFlaws());
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log('Every package is pinned by its hash, and no file holds a secret.');
