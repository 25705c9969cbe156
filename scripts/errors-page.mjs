// Writes docs/errors.md from the tables in the code; with --check it writes nothing and fails when the page is stale.
// It reads what `pnpm run build` has built.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { HTTP_ERRORS } from '../apps/api/build/errors/http-errors.js';
import { STATUS } from '../apps/api/build/errors/status.js';
import { EXIT_CODES } from '../apps/cli/build/exit-codes.js';
import { ERROR_CATALOGUE, FIELD_RULES } from '../packages/domain/dist/index.js';

const PAGE = fileURLToPath(new URL('../docs/errors.md', import.meta.url));

/** An edge with errors of its own adds them here; what it does not say is taken from the tables of the edges. */
const entries = [
  ...listOf(ERROR_CATALOGUE).map((entry) => ({ exitCode: EXIT_CODES[entry.kind], ...entry })),
  ...listOf(HTTP_ERRORS).map((entry) => ({ exitCode: '–', ...entry })),
].map((entry) => ({ status: STATUS[entry.kind], ...entry }));

const byStatus = entries.toSorted((a, b) => a.status - b.status || a.number - b.number || (a.code < b.code ? -1 : 1));

const page = `
# Errors

<!-- Generated from the catalogues in the code by \`pnpm run docs\`: change those, not this page. -->

Everything that is refused on purpose, by its HTTP status. **Number** is the \`code\` of the answer's envelope, the text its \`message\`, in the language that \`Accept-Language\` prefers;
**exit code** is what the CLI ends with (– where only HTTP can fail that way). Several errors share a number: a program should go by status and number, a person by the text. What stands in braces is filled in.

${table(
  ['Error', 'Kind', 'Status', 'Exit code', 'Number', 'English', '中文'],
  byStatus.map((e) => [`\`${e.code}\``, e.kind, e.status, e.exitCode, e.number, e.en, e.zh]),
)}

## Field rules

The \`{rule}\` of \`field_invalid\`: what is wrong with the named field.

${table(
  ['Rule', 'English', '中文'],
  listOf(FIELD_RULES).map((rule) => [`\`${rule.code}\``, rule.en, rule.zh]),
)}
`;

function listOf(catalogue) {
  return Object.entries(catalogue).map(([code, entry]) => ({ code, ...entry }));
}

function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const wanted = await format(page, { ...(await resolveConfig(PAGE)), filepath: PAGE });
if (!process.argv.includes('--check')) await writeFile(PAGE, wanted);
else if ((await readFile(PAGE, 'utf8').catch(() => '')) !== wanted) {
  console.error('docs/errors.md is not what the code says: run `pnpm run docs` and commit it.');
  process.exitCode = 1;
}
