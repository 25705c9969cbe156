import { describe, expect, test } from '@jest/globals';
import { aBoxedSecret, anAccount, aRecord, aWebhook, frozen, LATER, NOON } from '../test/builders.js';
import { fieldRefusal, refusalOf } from '../test/refusal.js';
import { EVENT_NAMES } from './event-catalogue.js';
import {
  amendWebhook,
  FORMER_SECRET_SIGNS,
  HEALTHY,
  parseWebhookStatement,
  registerWebhook,
  rotateWebhookSecret,
  signingSecrets,
  wants,
  type WebhookId,
  type WebhookStatement,
} from './webhook.js';

const { id: accountId, appId } = anAccount();
const made = { id: 'webhook-1' as WebhookId, account: null, secret: aBoxedSecret('first'), now: NOON };
const stated = (overrides: Partial<WebhookStatement> = {}): WebhookStatement => ({
  url: 'https://hooks.example/claviger',
  ...overrides,
});

describe('a webhook', () => {
  test('hears everything of everybody, at once, unless less is stated', () => {
    expect(registerWebhook(parseWebhookStatement(stated()), made)).toEqual(aWebhook());
  });

  test('is what was stated, of the account that it is for', () => {
    const given = stated({ events: ['credential.expiring'], description: 'chat', enabled: false });
    expect(registerWebhook(parseWebhookStatement(given), { ...made, account: { id: accountId, appId } })).toEqual(
      aWebhook({ accountId, appId, events: ['credential.expiring'], description: 'chat', enabled: false }),
    );
  });

  test('keeps its events in the order of the catalogue and each once, so that equal choices are equal', () => {
    const events = ['token.revoked', 'account.opened', 'token.revoked', 'credential.expiring'];
    const sorted = ['account.opened', 'credential.expiring', 'token.revoked'];
    expect(registerWebhook(parseWebhookStatement(stated({ events })), made).events).toEqual(sorted);
    expect(amendWebhook(aWebhook(), parseWebhookStatement({ events }), LATER).events).toEqual(sorted);
  });

  test('without a description has none, be it left out, null or empty', () => {
    for (const description of [undefined, null, ''])
      expect(registerWebhook(parseWebhookStatement(stated({ description })), made).description).toBeNull();
  });

  test.each([
    [{ url: 'hooks.example' }, fieldRefusal('url', 'not_web_address')],
    [{ url: '' }, fieldRefusal('url', 'not_web_address')],
    [{ url: 'ftp://hooks.example/' }, fieldRefusal('url', 'not_web_address')],
    [{ url: 'https://user:password@hooks.example/' }, fieldRefusal('url', 'not_web_address')],
    [{ events: ['account.opened', 'account.exploded'] }, fieldRefusal('events', 'not_event')],
    [{ events: ['webhook.deleted'] }, fieldRefusal('events', 'not_event')],
    [{ events: [''] }, fieldRefusal('events', 'not_event')],
    [{ description: 'x'.repeat(1025) }, fieldRefusal('description', 'too_long', { max: 1024 })],
  ])('cannot be, nor become, %j', (wrong, refusal) => {
    expect(refusalOf(() => registerWebhook(parseWebhookStatement(stated(wrong)), made))).toEqual(refusal);
    expect(refusalOf(() => amendWebhook(aWebhook(), parseWebhookStatement(wrong), LATER))).toEqual(refusal);
  });
});

describe('a webhook that is amended', () => {
  const before = aWebhook({ accountId, appId, events: ['account.opened'], description: 'chat', enabled: false });

  test('becomes what is stated', () => {
    const given = { url: 'http://other.example/', events: ['user.locked'], description: 'mail', enabled: true };
    expect(amendWebhook(before, parseWebhookStatement(given), LATER)).toEqual({
      ...before,
      ...given,
      lastModifiedAt: LATER,
    });
  });

  test('keeps what is left out or null', () => {
    for (const given of [{}, { url: null, events: null, description: null, enabled: null }])
      expect(amendWebhook(before, parseWebhookStatement(given), LATER)).toEqual({ ...before, lastModifiedAt: LATER });
  });

  test('loses its description by an empty one, and hears of everything by an empty choice', () => {
    expect(amendWebhook(before, parseWebhookStatement({ description: '', events: [] }), LATER)).toMatchObject({
      description: null,
      events: [],
    });
  });

  test('rests no longer', () => {
    const resting = aWebhook({ health: { failures: 7, restsUntil: LATER } });
    expect(amendWebhook(resting, parseWebhookStatement({}), LATER).health).toEqual(HEALTHY);
  });
});

describe('the secret of a webhook', () => {
  const [first, second, third] = [aBoxedSecret('first'), aBoxedSecret('second'), aBoxedSecret('third')];
  const rotated = frozen(rotateWebhookSecret(aWebhook(), second, NOON));

  test('signs alone until it is rotated', () => {
    expect(signingSecrets(aWebhook(), NOON)).toEqual([first]);
  });

  test('that was rotated signs too for a day, after the new one', () => {
    expect(rotated).toMatchObject({ secret: second, formerSecret: { secret: first }, lastModifiedAt: NOON });
    expect(signingSecrets(rotated, NOON)).toEqual([second, first]);
    expect(signingSecrets(rotated, NOON + FORMER_SECRET_SIGNS - 1)).toEqual([second, first]);
    expect(signingSecrets(rotated, NOON + FORMER_SECRET_SIGNS)).toEqual([second]);
    expect(FORMER_SECRET_SIGNS).toBe(24 * 3_600_000);
  });

  test('that was rotated twice in a day signs no more: it may have been lost', () => {
    expect(signingSecrets(rotateWebhookSecret(rotated, third, NOON + 1), NOON + 1)).toEqual([third, second]);
  });

  test('leaves all else of the webhook as it is, its rest too', () => {
    const resting = aWebhook({ health: { failures: 7, restsUntil: LATER }, events: ['user.locked'] });
    expect(rotateWebhookSecret(resting, second, LATER)).toMatchObject({
      health: resting.health,
      events: resting.events,
      version: resting.version,
    });
  });
});

describe('a webhook wants to hear', () => {
  const ofAccount = aWebhook({ accountId, appId });
  const elsewhere = { kind: 'account', id: 'account-2', name: 'other' } as const;

  test('of everything in the catalogue', () => {
    for (const name of EVENT_NAMES) expect(wants(aWebhook(), aRecord({ name }))).toBe(true);
  });

  test('of the events that it chose', () => {
    const choosy = aWebhook({ events: ['account.opened', 'account.locked'] });
    expect(wants(choosy, aRecord({ name: 'account.locked' }))).toBe(true);
    expect(wants(choosy, aRecord({ name: 'account.unlocked' }))).toBe(false);
  });

  test.each(['webhook.registered', 'webhook.deleted', 'caller.refused', 'audit.pruned'] as const)(
    'of nothing that is in no catalogue: %s',
    (name) => {
      expect(wants(aWebhook(), aRecord({ name }))).toBe(false);
    },
  );

  test('of nothing while it is disabled', () => {
    expect(wants(aWebhook({ enabled: false }), aRecord())).toBe(false);
  });

  test('of nothing that was before it', () => {
    expect(wants(aWebhook(), aRecord({ at: NOON - 1 }))).toBe(false);
    expect(wants(aWebhook(), aRecord({ at: NOON }))).toBe(true);
  });

  test('of its own account and of who authorized it, and of no other', () => {
    const subject = { kind: 'authorization', id: accountId, name: appId } as const;
    expect(wants(ofAccount, aRecord())).toBe(true);
    expect(wants(ofAccount, aRecord({ name: 'authorization.granted', subject }))).toBe(true);
    expect(wants(ofAccount, aRecord({ subject: elsewhere }))).toBe(false);
    // What is of the same name today may have been another account yesterday.
    expect(wants(ofAccount, aRecord({ subject: { ...elsewhere, name: appId } }))).toBe(false);
  });

  test.each(['user', 'token', 'session'] as const)('of an account, and not of a %s, be it of the same id', (kind) => {
    const record = aRecord({ name: 'user.locked', subject: { kind, id: accountId, name: 'olga' } });
    expect(wants(ofAccount, record)).toBe(false);
    expect(wants(aWebhook(), record)).toBe(true);
  });
});
