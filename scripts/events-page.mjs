// Writes docs/events.md from the catalogue in the code; with --check it writes nothing and fails when the page is stale.
// It reads what `pnpm run build` has built.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import {
  accessKeyFrom,
  EVENT_CATALOGUE,
  EVENT_DETAILS,
  EVENT_NAMES,
  eventIdOf,
  FORMER_SECRET_SIGNS,
  MAX_WEBHOOKS,
  RESTS_AFTER,
  RETRY_PAUSES,
  webhookMessage,
} from '../packages/domain/dist/index.js';

const PAGE = fileURLToPath(new URL('../docs/events.md', import.meta.url));
const receiver = await readFile(new URL('../packages/webhooks/examples/receiver.mjs', import.meta.url), 'utf8');

const [DAY, HOUR, MINUTE, SECOND] = [86_400_000, 3_600_000, 60_000, 1000];
const AT = Date.UTC(2026, 4, 1, 12);

const record = {
  id: 4711,
  name: 'credential.expiring',
  at: AT,
  by: { kind: 'worker', userId: null, appId: null, address: null, traceId: null },
  subject: { kind: 'account', id: '019b7a3e-0000-7000-8000-000000000001', name: 'shop' },
  details: {
    accessKey: accessKeyFrom('shop'.padEnd(24, '0')),
    grantType: 'PLATFORM',
    days: 7,
    expiresAt: AT + 7 * DAY,
  },
};

/** What an event is about, by the first part of its name, and what `id` and `name` are of it. */
const SUBJECTS = {
  account: ["the account's id", 'its appId'],
  user: ['the userId', 'the userId'],
  authorization: ['the id of the account that was authorized', 'the userId of whoever authorized it'],
  token: ["the token's id", 'the userId of whose it is'],
  session: ["the session's id", 'the userId of whose it is'],
  signing_key: ["the key's `kid`", 'its `kid`'],
};

const page = `
# Events

<!-- Generated from the catalogue in the code by \`pnpm run docs\`: change that, not this page. -->

Whoever wants to hear of what happens registers a **webhook**: an address that each event is sent to. A webhook of an account hears of that account and of who authorizes it; its owner registers it. A webhook of no account
hears of everything; admins register those. Either can choose the events it wants. There may be ${MAX_WEBHOOKS} of each account, and ${MAX_WEBHOOKS} of none. How: [HTTP API](http-api.md), [CLI](cli.md).

## The message

An HTTP \`POST\` of JSON, in the form of [Standard Webhooks](https://www.standardwebhooks.com):

\`\`\`http
Content-Type: application/json
webhook-id: ${eventIdOf(record)}
webhook-timestamp: ${AT / SECOND + 1}
webhook-signature: v1,…
\`\`\`

\`\`\`json
${JSON.stringify(JSON.parse(webhookMessage(record)), null, 2)}
\`\`\`

- \`webhook-id\` is the name of the event. It is the same at every attempt, and the same for every webhook.
- \`webhook-timestamp\` is when this attempt was made, in seconds since 1970; \`timestamp\` is when the event happened.
- \`data.subject\` is what the event is about, \`data.by\` who did it: a user, the \`worker\` (the service itself), or the \`operator\` (the command line); \`appId\` is the platform account that a user acted through.
- Besides, \`data\` holds what the table below says. No message holds a secret, an address or what was before: ask the API for that.
- New fields and new events can be added at any time; ignore what you do not know.

## Whose message it is

Each webhook has a secret, shown once when it is registered: \`whsec_\` and 32 bytes in base64. Every message is signed with it; refuse what is not, or what is more than five minutes old. With the library \`standardwebhooks\`, which exists for many
languages:

\`\`\`js
${receiver}\`\`\`

A secret can be replaced at any time. For ${spell(FORMER_SECRET_SIGNS)} afterwards the one before signs too (\`webhook-signature\` then holds two signatures, separated by a space), so that receivers can be changed without missing anything.

## Delivery

- **At least once.** An event is written together with the change that it tells of, and none is lost when a process dies. It can arrive twice: do the work for one \`webhook-id\` once.
- **In no promised order.** Go by \`timestamp\`, or read the present state from the API.
- **Any status from 200 to 299 takes the message**; nothing else of the answer is read. Answer first and work afterwards: an answer that takes too long is a failure. So is a redirect: it is not followed.
- **What was not taken is tried again** after ${pausesInWords()}, each a tenth more or less by chance. \`Retry-After\` makes it later, by a day at most. After three days (or what is configured) the delivery is **dead**.
- **${RESTS_AFTER} failures in a row let the webhook rest**: nothing is sent to it for ${spell(RETRY_PAUSES[0])}, then one event, and if that fails it rests for longer, by the same steps up to ${spell(RETRY_PAUSES.at(-1))}. What happens meanwhile
  waits. With the first message that is taken, everything is sent. Changing the webhook ends its rest. A failure with \`Retry-After\` lets it rest too, for as long as that says.
- **410 says that nobody wants to hear anything more**: the delivery is dead and the webhook is disabled, until somebody enables it again.
- **Dead deliveries** are kept for a while; they can be listed, and replayed under the same \`webhook-id\`.
- **A disabled webhook** hears nothing of what happens while it is disabled; what was waiting for it before goes on waiting. A new webhook hears nothing of what was before it.
- **Only public addresses are reached**, unless the configuration allows others: not loopback, not private, link-local or otherwise special ones. That is checked for each connection, after the name was looked up.
- **No account's own webhook hears that the account was deleted**: it is deleted with it. A webhook of no account does.
- **Webhooks stay with their account** when it gets another owner: the new one should look through them.

## What an event is about

${table(
  ['`subject.kind`', '`subject.id`', '`subject.name`'],
  Object.entries(SUBJECTS).map(([kind, [id, name]]) => [`\`${kind}\``, id, name]),
)}

## Every event

${table(
  ['Event', 'When', 'About', '`data` besides'],
  EVENT_NAMES.map((name) => [`\`${name}\``, EVENT_CATALOGUE[name], `\`${subjectOf(name)}\``, detailsOf(name)]),
)}
`;

function subjectOf(name) {
  const [kind] = name.split('.');
  const subject = kind === 'credential' ? 'account' : kind;
  if (!(subject in SUBJECTS)) throw new Error(`What is the event ${name} about?`);
  return subject;
}

function detailsOf(name) {
  const details = Object.entries(EVENT_DETAILS[name] ?? {});
  return details.map(([detail, meaning]) => `\`${detail}\`: ${meaning}`).join('<br>') || '–';
}

function pausesInWords() {
  const pauses = RETRY_PAUSES.map(spell);
  return `${pauses.slice(0, -1).join(', ')} and then every ${pauses.at(-1)}`;
}

function spell(ms) {
  const units = { day: DAY, hour: HOUR, minute: MINUTE, second: SECOND };
  const [unit, size] = Object.entries(units).find(([, each]) => ms % each === 0);
  return ms === size ? `one ${unit}` : `${ms / size} ${unit}s`;
}

function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const wanted = await format(page, { ...(await resolveConfig(PAGE)), filepath: PAGE });
if (!process.argv.includes('--check')) await writeFile(PAGE, wanted);
else if ((await readFile(PAGE, 'utf8').catch(() => '')) !== wanted) {
  console.error('docs/events.md is not what the code says: run `pnpm run docs` and commit it.');
  process.exitCode = 1;
}
