import { setTimeout as delay } from 'node:timers/promises';
import type { KeyPair } from '@claviger/domain';
import { platformHeaders, type Answer, type Call } from '../test/answer.js';
import { keyIn, noteAsked, noteKnown, noteOutcome, type Change, type Key, type Known, type Ledger } from './ledger.js';

export interface WritingClient {
  /** No other client of this ledger has the same. */
  readonly name: string;
  readonly ledger: Ledger;
  readonly system: KeyPair;
  /** The process to ask, at this moment. */
  readonly call: Call;
  /** Told of each change that was acknowledged. */
  readonly acknowledged?: () => void;
  /** Asked after an answer that says nothing of the change: whether to go on, with another account. */
  readonly goOn: () => boolean | Promise<boolean>;
  /** Milliseconds between two changes, so that those who start meanwhile get their share of the machine; left out: none. */
  readonly pause?: number;
  /** Asked between two accounts; left out: never. */
  readonly isOver?: () => boolean;
}

/** Changes one account after another until it is told to end. @throws when a change is refused, or fails */
export async function writeOn(client: WritingClient): Promise<void> {
  for (let round = 0; !client.isOver?.(); round++) {
    const appId = `${client.name}-${round}`;
    const steps = [...STEPS, ...ENDS.slice(0, (round + 2) % 3)];
    for (const step of steps) {
      if (client.pause) await delay(client.pause);
      const outcome = await ask(client, step(appId, client.ledger.accounts.get(appId) ?? null));
      if (outcome === 'acknowledged') client.acknowledged?.();
      else if (await client.goOn()) break;
      else return;
    }
  }
}

async function ask({ ledger, system, call }: WritingClient, change: Change): Promise<'acknowledged' | 'unknown'> {
  const asking = change.requests.map(async ([method, path, body]) => {
    const traceId = noteAsked(ledger, change);
    const headers = { prefer: 'return=representation', traceparent: `00-${traceId}-00000000000000ff-00` };
    const options = { as: platformHeaders(system, 'admin'), headers, ...(body ? { body } : {}) };
    const answer = await call(method, ROOT + path, options).catch(() => null);
    const outcome = outcomeOf(answer, change);
    noteOutcome(ledger, traceId, outcome);
    return { traceId, outcome, answer };
  });
  const asked = await Promise.all(asking);
  const done = asked.find(({ outcome }) => outcome === 'acknowledged');
  if (done) {
    // Of those that asked for the same, no other can have been done.
    for (const { traceId } of asked) if (traceId !== done.traceId) noteOutcome(ledger, traceId, 'refused');
    noteKnown(ledger, change.appId, change.after(done.answer?.body.data));
    return 'acknowledged';
  }
  if (asked.every(({ outcome }) => outcome === 'refused')) throw new Error(`${change.event} was refused altogether.`);
  if (!ledger.accounts.has(change.appId)) ledger.accounts.set(change.appId, null);
  ledger.inDoubt.set(change.appId, { change, traces: asked.map(({ traceId }) => traceId) });
  return 'unknown';
}

/** Only of several that ask for the same may one be refused. */
function outcomeOf(answer: Answer | null, { requests, event, appId }: Change): 'acknowledged' | 'refused' | 'unknown' {
  // Who hears that the database is away does not know whether it had time to commit.
  if (!answer || answer.status === 503) return 'unknown';
  if (answer.status < 300) return 'acknowledged';
  if (answer.status === 409 && requests.length > 1) return 'refused';
  throw new Error(`${event} of ${appId}: ${answer.status} ${answer.text}`);
}

type Step = (appId: string, known: Known) => Change;

const ROOT = '/auth/api/account';
const BOTH = ['AUTHORIZATION_CODE', 'PLATFORM'];
const WEB = { homepageUrl: 'http://localhost', redirectUri: 'http://localhost/redirect', scope: ['PROJECT'] };

const one = (event: Change['event'], appId: string, request: Change['requests'][number], after: Change['after']) => ({
  event,
  appId,
  requests: [request],
  after,
});

const issue: Step = (appId, known) =>
  one('credential.issued', appId, ['POST', `/credential/${appId}/PLATFORM`], (told) =>
    withKeys(known, [...there(known).keys, keyIn({ credentials: told }, 'PLATFORM')]),
  );

const amend =
  (types: readonly string[], description: string, more: { locked?: boolean } = {}): Step =>
  (appId, known) => ({
    ...one(
      'account.amended',
      appId,
      ['PUT', '/update', { appId, authorizationGrantTypes: types, description, ...more }],
      (told) => {
        const { keys, locked } = there(known);
        const added = types.filter((type) => !keys.some((key) => key.type === type));
        return {
          description,
          locked: more.locked ?? locked,
          keys: [...keys.filter(({ type }) => types.includes(type)), ...added.map((type) => keyIn(told, type))],
        };
      },
    ),
  });

/** What every account goes through; at its end it has keys that are good, one that is disabled, and lost three. */
const STEPS: readonly Step[] = [
  (appId) => ({
    event: 'account.opened',
    appId,
    // At once, under one name in two spellings.
    requests: [appId, appId.toUpperCase()].map((name) => [
      'POST',
      '/create',
      { appId: name, authorizationGrantTypes: BOTH, description: 'new', ...WEB },
    ]),
    after: (told) => ({ description: 'new', locked: false, keys: BOTH.map((type) => keyIn(told, type)) }),
  }),
  issue,
  issue,
  (appId, known) => {
    const disabled = there(known).keys.at(-1);
    const path = `/credential/${appId}/${disabled?.accessKey}/DISABLE`;
    return one('credential.disabled', appId, ['PUT', path], () =>
      withKeys(
        known,
        there(known).keys.map((key) => (key === disabled ? { ...key, enabled: false } : key)),
      ),
    );
  },
  (appId, known) => {
    const leaving = there(known).keys.find(({ type }) => type === 'PLATFORM');
    return one('credential.withdrawn', appId, ['DELETE', `/credential/${appId}/${leaving?.accessKey}`], () =>
      withKeys(
        known,
        there(known).keys.filter((key) => key !== leaving),
      ),
    );
  },
  amend(['PLATFORM'], 'one type'),
  amend(BOTH, 'two types'),
];

/** Some accounts stay as they are then, some are locked, some go. */
const ENDS: readonly Step[] = [
  amend(BOTH, 'locked', { locked: true }),
  (appId) => one('account.deleted', appId, ['DELETE', `/delete/${appId}`], () => null),
];

function there(known: Known): NonNullable<Known> {
  if (!known) throw new Error('The account is not there.');
  return known;
}

function withKeys(known: Known, keys: readonly Key[]): Known {
  return { ...there(known), keys };
}
