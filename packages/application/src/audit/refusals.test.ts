import {
  ERROR_CATALOGUE,
  OPERATOR,
  PlatformError,
  type Caller,
  type ErrorCode,
  type UnitOfWork,
} from '@claviger/domain';
import { admin, callingAccount, memoryDatabase, NEW_YEAR, numberedKey, user } from '@claviger/testing';
import { describe, expect, it } from '@jest/globals';
import { HERE, world } from '../../test/world.js';
import { MOST_TOLD_APART } from './refusals.js';

const ATTEMPT = 'GET /auth/api/account/list';

interface Told {
  readonly error?: ErrorCode;
  readonly attempt?: string;
  readonly caller?: Caller | null;
  readonly presented?: string | null;
  readonly address?: string;
}

/** A platform in memory whose database may be away, and its notes of refusals. */
function refusing() {
  const database = memoryDatabase();
  const told = { away: false, meanwhile: () => {} };
  const unitOfWork: UnitOfWork = {
    run: (work) =>
      database.unitOfWork.run(async (stores) => {
        const result = await work(stores);
        told.meanwhile();
        if (told.away) throw new PlatformError('database_unavailable');
        return result;
      }),
  };
  const here = world({ unitOfWork, users: database.users });
  const refuse = ({ error = 'caller_unknown', address = HERE.address, ...given }: Told = {}) =>
    here.noteRefusal({
      error: new PlatformError(error),
      attempt: ATTEMPT,
      caller: null,
      presented: null,
      ...given,
      origin: { ...HERE, address },
    });
  const written = async () => {
    await here.writeNotes();
    return database.events.filter(({ name }) => name === 'caller.refused');
  };
  return { ...here, told, refuse, written, database };
}

describe('a refusal', () => {
  it('is written down with who tried what from where, and what they were told', async () => {
    const { refuse, written } = refusing();
    refuse({ error: 'user_not_allowed', caller: user('bob', callingAccount({ appId: 'builds' })) });
    expect(await written()).toMatchObject([
      {
        name: 'caller.refused',
        at: NEW_YEAR,
        by: { kind: 'user', userId: 'bob', appId: 'builds', ...HERE },
        subject: { kind: 'request', id: ATTEMPT, name: ATTEMPT },
        changes: { before: null, after: null },
        details: { error: 'user_not_allowed', accessKey: null, times: 1, until: NEW_YEAR },
      },
    ]);
  });

  it('counts when who called is unknown, may not, is locked out or comes too often, and not otherwise', async () => {
    const { refuse, written } = refusing();
    const codes = Object.keys(ERROR_CATALOGUE) as ErrorCode[];
    for (const error of codes) refuse({ error });
    const counting = ['unauthenticated', 'forbidden', 'locked', 'limited'];
    const expected = codes.filter((code) => counting.includes(ERROR_CATALOGUE[code].kind));
    expect((await written()).map(({ details }) => details['error'])).toEqual(expected);
    expect(expected.length).toBeLessThan(codes.length);
  });

  it('is one record however often it comes: how often, from when until when', async () => {
    const { refuse, written, clock } = refusing();
    for (let i = 0; i < 1000; i++) {
      refuse();
      clock.advance(1);
    }
    expect(await written()).toMatchObject([{ at: NEW_YEAR, details: { times: 1000, until: NEW_YEAR + 999 } }]);
    refuse();
    expect(await written()).toMatchObject([{}, { at: NEW_YEAR + 1000, details: { times: 1 } }]);
  });

  it('is told from others by its error, what was tried, who tried, from where and with which key', async () => {
    const { refuse, written } = refusing();
    const different: readonly Told[] = [
      {},
      { error: 'access_token_illegal' },
      { attempt: 'GET /auth/api/user/list' },
      { caller: admin('root') },
      { caller: user('root', callingAccount()) },
      { address: '198.51.100.7' },
      { presented: numberedKey(1).accessKey },
      { presented: numberedKey(2).accessKey },
    ];
    for (const told of [...different, ...different]) refuse(told);
    expect((await written()).map(({ details }) => details['times'])).toEqual(different.map(() => 2));
  });

  it('writes nothing when there was none', async () => {
    const { written } = refusing();
    expect(await written()).toEqual([]);
  });
});

describe('what was presented in vain', () => {
  it('is kept when it is a well-formed access key', async () => {
    const { refuse, written } = refusing();
    const { accessKey } = numberedKey(1);
    refuse({ presented: accessKey });
    expect(await written()).toMatchObject([{ by: { kind: 'stranger', userId: null }, details: { accessKey } }]);
  });

  it('is kept when it is the name of a user, and of nobody else: it may be a password, typed in haste', async () => {
    const { refuse, written, createUser } = refusing();
    await createUser(OPERATOR, { userId: 'alice' });
    for (const presented of [
      'alice',
      'Hunter2',
      'cor rect',
      '',
      `${numberedKey(1).accessKey}x`,
      numberedKey(1).secretKey,
    ])
      refuse({ presented });
    const records = await written();
    expect(records.map(({ by }) => by.userId).filter((userId) => userId !== null)).toEqual(['alice']);
    expect(records.every(({ details }) => details['accessKey'] === null)).toBe(true);
    expect(JSON.stringify(records)).not.toMatch(/Hunter2|cor rect|cak_|csk_/);
  });
});

describe('many different refusals', () => {
  const address = (i: number) => `10.0.${i >> 8}.${i & 255}`;

  it('of strangers do not hide those of proven callers', async () => {
    const { refuse, written } = refusing();
    for (let i = 0; i < 100; i++) refuse({ address: address(i) });
    refuse({ error: 'user_not_allowed', caller: user('mallory') });
    expect((await written()).at(-1)).toMatchObject({ by: { kind: 'user', userId: 'mallory' }, details: { times: 1 } });
  });

  it('of somebody who has to wait are one, whatever names they make up', async () => {
    const { refuse, written } = refusing();
    for (let i = 0; i < 100; i++) refuse({ error: 'too_many_requests', presented: `user-${i}` });
    expect(await written()).toMatchObject([{ by: { kind: 'stranger', userId: null }, details: { times: 100 } }]);
  });

  it('are told apart up to a number; of each further error only the number and the time are kept', async () => {
    const { refuse, written, clock } = refusing();
    for (let i = 0; i < MOST_TOLD_APART; i++) refuse({ address: address(i) });
    clock.advance(1);
    for (let i = 100; i < 300; i++) refuse({ address: address(i) });
    for (let i = 300; i < 400; i++) refuse({ error: 'access_token_illegal', address: address(i) });
    clock.advance(1);
    refuse({ address: address(0) });
    refuse({ address: address(400) });
    const records = await written();
    expect(MOST_TOLD_APART).toBe(32);
    expect(records).toHaveLength(34);
    expect(records[0]).toMatchObject({ by: { address: address(0) }, details: { times: 2, until: NEW_YEAR + 2 } });
    const nobody = { kind: 'stranger', userId: null, appId: null, address: null, traceId: null };
    const others = { by: nobody, subject: { name: 'others' }, at: NEW_YEAR + 1 };
    expect(records.slice(32)).toMatchObject([
      { ...others, details: { error: 'caller_unknown', times: 201, until: NEW_YEAR + 2, accessKey: null } },
      { ...others, details: { error: 'access_token_illegal', times: 100, until: NEW_YEAR + 1 } },
    ]);
  });

  it('are kept while they cannot be written, no more of them for that, and none is lost', async () => {
    const { told, refuse, written, writeNotes, clock } = refusing();
    told.away = true;
    told.meanwhile = () => refuse({ address: address(0) });
    for (let round = 0; round < 5; round++) {
      for (let i = 0; i < 50; i++) refuse({ address: address(1000 * round + i) });
      refuse({ address: address(0) });
      await expect(writeNotes()).rejects.toMatchObject({ code: 'database_unavailable' });
      clock.advance(1000);
    }
    Object.assign(told, { away: false, meanwhile: () => {} });
    const records = await written();
    expect(records).toHaveLength(33);
    // What came while it could not be written is as late as it was, and what came first as early.
    expect(records[0]).toMatchObject({
      at: NEW_YEAR,
      by: { address: address(0) },
      details: { until: NEW_YEAR + 4000 },
    });
    expect(records.reduce((sum, { details }) => sum + Number(details['times']), 0)).toBe(5 * 52);
    expect(await written()).toHaveLength(33);
  });
});
