// Writes docs/configuration.md from the table of keys; with --check it writes nothing and fails when the page is stale.
// It reads what `pnpm run build` has built.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { CONFIG_KEYS, variableOf } from '../packages/composition/dist/index.js';

const PAGE = fileURLToPath(new URL('../docs/configuration.md', import.meta.url));

const page = `
# Configuration

<!-- Generated from the table of keys in the code by \`pnpm run docs\`: change that, not this page. -->

API, worker and CLI read the same configuration: the file \`claviger.yml\` in the working directory, or the one that \`CLAVIGER_CONFIG\` names (the CLI's \`--config\` comes before it).
Every key can also be given as an environment variable, which then wins: \`CLAVIGER_\` and the key in capitals, its words joined by underscores. Without either everything has a default, and
a first start needs no configuration at all.

\`\`\`yaml
http:
  port: 8080
database:
  url: postgres://claviger:secret@db.example/claviger
auth:
  pepper:
    - the-newest-pepper-at-least-16-characters
    - the-one-before
\`\`\`

- An unknown key, a wrong type or an unusable secret stops the process with one line that names the key and never the value. A \`CLAVIGER_*\` variable that belongs to no key is only warned about.
- Lists are comma-separated in an environment variable. An empty variable is an empty value, not a missing one: it unsets an address, and is refused where a value is needed.
- A duration is a number of milliseconds, or a number with a unit: \`500ms\`, \`90s\`, \`15m\`, \`12h\`, \`30d\`.
- Relative paths start at the working directory.

## Keys

${sectionsOf(CONFIG_KEYS)
  .map(([section, keys]) => `### ${section}\n\n${table(keys)}`)
  .join('\n\n')}

## Secrets that are made on the first run

Where \`auth.pepper\` or \`auth.accessToken.secret\` is not configured, the first process that starts makes it and keeps it in \`keys.dir\` as \`pepper.key\` or \`access-token.key\`
(mode 0600, one key a line, the newest first). Processes that start together agree on one. Back these files up with the database: without the pepper no stored credential can be matched again.

Several machines on one PostgreSQL are given the same keys by configuration. The database keeps the names of the peppers its credentials were hashed with, not the peppers; a process whose
\`auth.pepper\` does not fit refuses to start. To rotate the pepper: add the new one at the end of the list everywhere, then move it to the front everywhere; drop the old one once no stored
credential needs it (a process that still needs it refuses to start without it).
`;

function sectionsOf(keys) {
  const sections = new Map();
  for (const [name, key] of Object.entries(keys)) {
    const section = name.split('.')[0];
    sections.set(section, [...(sections.get(section) ?? []), [name, key]]);
  }
  return [...sections];
}

function table(keys) {
  const rows = keys.map(([name, key]) => [
    `\`${name}\`<br>\`${variableOf(name)}\``,
    key.type.form,
    key.otherwise ?? shown(key),
    key.meaning,
  ]);
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const head = ['Key and variable', 'Form', 'Default', 'Meaning'];
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function shown({ type, default: value }) {
  if (type.form.startsWith('duration')) return `\`${value}\` (${withUnit(value)})`;
  return `\`${Array.isArray(value) ? `[${value.join(', ')}]` : value}\``;
}

function withUnit(ms) {
  const units = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 };
  const [unit, size] = Object.entries(units).find(([, each]) => ms % each === 0) ?? ['ms', 1];
  return `${ms / size}${unit}`;
}

const wanted = await format(page, { ...(await resolveConfig(PAGE)), filepath: PAGE });
if (!process.argv.includes('--check')) await writeFile(PAGE, wanted);
else if ((await readFile(PAGE, 'utf8').catch(() => '')) !== wanted) {
  console.error('docs/configuration.md is not what the code says: run `pnpm run docs` and commit it.');
  process.exitCode = 1;
}
