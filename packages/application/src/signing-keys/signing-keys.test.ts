import { beforeEach, describe, expect, test } from '@jest/globals';
import { OPERATOR, PUBLISHED_AFTER, PUBLISHED_BEFORE } from '@claviger/domain';
import { admin, NEW_YEAR, user } from '@claviger/testing';
import { world } from '../../test/world.js';

const DAY = 86_400_000;
const EVERY = 90 * DAY;

let here: ReturnType<typeof world>;
beforeEach(() => {
  here = world();
});

const published = async () => (await here.openSigningKeys()).map(({ id }) => id);
const states = async () => (await here.listSigningKeys(OPERATOR)).map(({ key, state }) => `${key.id} ${state}`);
const eventsSince = (count: number) => here.database.events.slice(count).map(({ name, subject }) => [name, subject.id]);

describe('the keys that sign', () => {
  test('begin with one that whoever needs it first makes, and that stays the same', async () => {
    const [first] = await here.openSigningKeys();
    expect(first).toEqual({ id: 'signing-key-1', privateKey: 'private-key-1' });
    expect(await published()).toEqual(['signing-key-1']);
    expect(await states()).toEqual(['signing-key-1 signing']);
    expect(here.database.events).toMatchObject([
      { name: 'signing_key.created', by: { kind: 'worker' }, changes: { after: { signsFrom: NEW_YEAR } } },
    ]);
  });

  test('are the same one for all who find none at the same moment', async () => {
    const all = await Promise.all([here, here, here].map((each) => each.openSigningKeys()));
    expect(new Set(all.map((keys) => JSON.stringify(keys))).size).toBe(1);
    expect(here.database.events).toHaveLength(1);
  });

  test('are in no record, and in the database only in a box', async () => {
    const [first] = await here.openSigningKeys();
    await here.replaceSigningKey(OPERATOR, { atOnce: true });
    const kept = JSON.stringify([here.database.events, await here.database.signingKeys.list()]);
    expect(kept).not.toContain(first?.privateKey);
    expect(kept).not.toContain('private-key-2');
  });
});

describe('the rotation', () => {
  test('makes nothing where nobody signs', async () => {
    expect(await here.rotateSigningKeys({ every: EVERY })).toEqual({ made: 0, retired: 0 });
    expect(here.database.events).toEqual([]);
  });

  test('makes the next key in time, lets it sign when all know it, and deletes the old one when nobody needs it', async () => {
    await here.openSigningKeys();
    const seen: unknown[] = [];
    let before = '';
    for (let hour = 0; hour < (EVERY + 4 * DAY) / 3_600_000; hour++) {
      await here.rotateSigningKeys({ every: EVERY });
      const now = JSON.stringify(await published());
      if (now !== before) seen.push([here.clock.now() - NEW_YEAR, JSON.parse(now)]);
      before = now;
      here.clock.advance(3_600_000);
    }
    expect(seen).toEqual([
      [0, ['signing-key-1']],
      [EVERY - PUBLISHED_BEFORE, ['signing-key-1', 'signing-key-2']],
      [EVERY, ['signing-key-2', 'signing-key-1']],
      [EVERY + PUBLISHED_AFTER, ['signing-key-2']],
    ]);
    expect(eventsSince(1)).toEqual([
      ['signing_key.created', 'signing-key-2'],
      ['signing_key.retired', 'signing-key-1'],
    ]);
    expect(await here.database.signingKeys.list()).toHaveLength(1);
  });

  test('publishes a retired key no more, also where no worker deletes it', async () => {
    await here.openSigningKeys();
    here.clock.advance(EVERY);
    await here.rotateSigningKeys({ every: EVERY });
    here.clock.advance(PUBLISHED_BEFORE + PUBLISHED_AFTER);
    expect(await published()).toEqual(['signing-key-2']);
    expect(await states()).toEqual(['signing-key-1 retired', 'signing-key-2 signing']);
  });

  test('of several workers at once makes one key', async () => {
    await here.openSigningKeys();
    here.clock.advance(EVERY);
    const done = await Promise.all([1, 2, 3].map(() => here.rotateSigningKeys({ every: EVERY })));
    expect(done.filter(({ made }) => made === 1)).toHaveLength(1);
    expect(await here.database.signingKeys.list()).toHaveLength(2);
  });
});

describe('a rotation by hand', () => {
  test('makes the next key before its time, and only one', async () => {
    await here.openSigningKeys();
    const { made, keys } = await here.replaceSigningKey(admin(), { atOnce: false });
    expect([made, keys.map(({ state }) => state)]).toEqual([true, ['signing', 'waiting']]);
    expect(here.database.events.at(-1)).toMatchObject({ by: { kind: 'user', userId: 'admin' } });
    expect(await here.replaceSigningKey(OPERATOR, { atOnce: false })).toEqual({ made: false, keys });
    expect(await published()).toEqual(['signing-key-1', 'signing-key-2']);
  });

  test('in an emergency withdraws all others, those that wait too, and the new one signs at once', async () => {
    await here.openSigningKeys();
    await here.replaceSigningKey(OPERATOR, { atOnce: false });
    const { length } = here.database.events;
    const { made, keys } = await here.replaceSigningKey(OPERATOR, { atOnce: true });
    expect([made, keys]).toEqual([true, await here.listSigningKeys(OPERATOR)]);
    expect(await states()).toEqual(['signing-key-3 signing']);
    expect(await published()).toEqual(['signing-key-3']);
    expect(eventsSince(length)).toEqual([
      ['signing_key.withdrawn', 'signing-key-1'],
      ['signing_key.withdrawn', 'signing-key-2'],
      ['signing_key.created', 'signing-key-3'],
    ]);
  });

  test('and the look at the keys are for admins', async () => {
    const refused = { code: 'user_not_allowed' };
    await expect(here.listSigningKeys(user())).rejects.toMatchObject(refused);
    await expect(here.replaceSigningKey(user(), { atOnce: true })).rejects.toMatchObject(refused);
    expect(here.database.events).toEqual([]);
  });
});
