import {
  CHAIN_START,
  chainedText,
  OPERATOR,
  PlatformError,
  type AuditReader,
  type AuditRecord,
  type Seal,
} from '@claviger/domain';
import { admin, callingAccount, NEW_YEAR, plainDigest, platformAccount, user } from '@claviger/testing';
import { describe, expect, it } from '@jest/globals';
import { world } from '../../test/world.js';
import { verifyAudit } from './verify-audit.js';

/** A platform in memory with records to seal: each a user who was registered. */
function written() {
  const here = world();
  let count = 0;
  const write = async (records: number) => {
    for (let i = 0; i < records; i++) await here.createUser(OPERATOR, { userId: `user-${++count}` });
  };
  return { ...here, write };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** What is told of the chain when somebody has been at the table of its records. */
function verifyTampered(
  audit: AuditReader,
  tamper: (chain: readonly AuditRecord[]) => readonly AuditRecord[],
  head?: Seal,
) {
  const chain: AuditReader['chain'] = async ({ after, limit }) =>
    tamper(await audit.chain({ after: null, limit: 10_000 }))
      .filter(({ seal }) => (seal?.number ?? 0) > (after ?? 0))
      .slice(0, limit);
  return verifyAudit({ audit: { ...audit, chain }, digest: plainDigest })(admin(), { head });
}

describe('sealing', () => {
  it('closes the chain over every record, oldest first, and once', async () => {
    const { write, sealAudit, database } = written();
    await write(450);
    expect(await sealAudit()).toBe(450);
    expect(await sealAudit()).toBe(0);
    await write(2);
    expect(await sealAudit()).toBe(2);
    expect(database.events.map(({ seal }) => seal?.number)).toEqual(database.events.map((_, i) => i + 1));
    let previous = CHAIN_START;
    for (const { seal, ...record } of database.events) {
      expect(seal?.hash).toBe(plainDigest.sha256(chainedText(previous, seal?.number ?? 0, record)));
      previous = seal?.hash ?? '';
    }
  });

  it('by two at once leaves one chain, and is no failure of either', async () => {
    const { write, sealAudit, verifyAudit: verify } = written();
    await write(300);
    const sealed = await Promise.all([sealAudit(), sealAudit()]);
    expect(sealed[0] + sealed[1]).toBe(300);
    expect(await verify(admin())).toMatchObject({ intact: true, verified: 300, unsealed: 0 });
  });

  it('fails when it cannot be written', async () => {
    const { write, database } = written();
    await write(1);
    const away = new PlatformError('database_unavailable');
    const broken = world({ audit: database.audit, unitOfWork: { run: () => Promise.reject(away) } });
    await expect(broken.sealAudit()).rejects.toBe(away);
  });
});

describe('verifying', () => {
  it('finds nothing wrong with a chain that nobody touched, and tells its end', async () => {
    const { write, sealAudit, verifyAudit: verify, database } = written();
    const nothing = { intact: true, broken: null, verified: 0, unsealed: 0, prunedThrough: null, last: null };
    expect(await verify(admin())).toEqual(nothing);
    await write(7);
    await sealAudit();
    await write(2);
    const last = database.events[6]?.seal;
    expect(await verify(admin())).toEqual({ ...nothing, verified: 7, unsealed: 2, last });
    expect(await verify(OPERATOR, last ? { head: last } : {})).toMatchObject({ intact: true });
  });

  it.each<[string, (record: AuditRecord) => AuditRecord]>([
    ['when', (record) => ({ ...record, at: record.at + 1 })],
    ['who', (record) => ({ ...record, by: { ...record.by, userId: admin('mallory').userId } })],
    ['from where', (record) => ({ ...record, by: { ...record.by, address: '203.0.113.9' } })],
    ['what', (record) => ({ ...record, name: 'user.locked' })],
    ['to whom', (record) => ({ ...record, subject: { ...record.subject, name: 'mallory' } })],
    ['the change', (record) => ({ ...record, changes: { before: null, after: { admin: true } } })],
    ['the details', (record) => ({ ...record, details: { note: 'nothing to see' } })],
  ])('finds the record of which somebody changed %s', async (_what, change) => {
    const { write, sealAudit, database } = written();
    await write(9);
    await sealAudit();
    const changed = await verifyTampered(database.audit, (chain) =>
      chain.map((record) => (record.seal?.number === 4 ? change(record) : record)),
    );
    expect(changed).toMatchObject({ intact: false, broken: { number: 4, because: 'changed' }, verified: 9 });
  });

  it('finds where a record was removed, and where one was put in', async () => {
    const { write, sealAudit, database } = written();
    await write(600);
    await sealAudit();
    const without = (number: number) => (chain: readonly AuditRecord[]) =>
      chain.filter(({ seal }) => seal?.number !== number);
    for (const number of [1, 500, 501])
      expect(await verifyTampered(database.audit, without(number))).toMatchObject({
        intact: false,
        broken: { number, because: 'missing' },
      });
    const inserted = await verifyTampered(database.audit, (chain) =>
      chain.flatMap((record) => {
        const { number, hash } = record.seal ?? { number: 0, hash: '' };
        if (number < 4) return [record];
        const moved = { ...record, seal: { number: number + 1, hash } };
        return number === 4 ? [{ ...record, id: 9999, seal: { number, hash } }, moved] : [moved];
      }),
    );
    expect(inserted).toMatchObject({ intact: false, broken: { number: 4, because: 'changed' } });
  });

  it('finds a removed end, and a chain that was made anew, by an end that was kept elsewhere', async () => {
    const { write, sealAudit, verifyAudit: verify, database } = written();
    await write(9);
    await sealAudit();
    const head = (await verify(admin())).last ?? undefined;
    const cut = (chain: readonly AuditRecord[]) => chain.slice(0, 7);
    expect(await verifyTampered(database.audit, cut)).toMatchObject({ intact: true, verified: 7 });
    expect(await verifyTampered(database.audit, cut, head)).toMatchObject({
      intact: false,
      broken: { number: 8, because: 'missing' },
    });
    const madeAnew = (chain: readonly AuditRecord[]) => {
      let previous = CHAIN_START;
      return chain.map((record, i) => {
        const told = { ...record, at: record.at + 1 };
        previous = plainDigest.sha256(chainedText(previous, i + 1, told));
        return { ...told, seal: { number: i + 1, hash: previous } };
      });
    };
    expect(await verifyTampered(database.audit, madeAnew)).toMatchObject({ intact: true });
    expect(await verifyTampered(database.audit, madeAnew, head)).toMatchObject({
      intact: false,
      broken: { number: 9, because: 'other_chain' },
    });
    await write(1);
    await sealAudit();
    expect(await verify(admin(), head ? { head } : {})).toMatchObject({ intact: true, verified: 10 });
  });
});

describe('pruning', () => {
  const day = 86_400_000;

  it('shortens the chain from its beginning, and what is left can still be verified', async () => {
    const { write, sealAudit, deleteExpired, verifyAudit: verify, database, clock } = written();
    const prune = () => deleteExpired({ audit: day, deliveries: day });
    await write(5);
    clock.advance(day);
    await write(3);
    await sealAudit();
    const removed = database.events[4]?.seal;
    expect(await prune()).toBe(0);
    clock.advance(1);
    expect(await prune()).toBe(5);
    expect(database.events.at(-1)).toMatchObject({
      name: 'audit.pruned',
      by: { kind: 'worker' },
      details: { through: 5, hash: removed?.hash, removed: 5 },
    });
    expect(await verify(admin())).toMatchObject({ intact: true, prunedThrough: 5, verified: 3, unsealed: 1 });
    await sealAudit();
    expect(await verify(admin())).toMatchObject({ intact: true, prunedThrough: 5, verified: 4, last: { number: 9 } });
    clock.advance(day);
    expect(await prune()).toBe(3);
    expect(await verify(admin())).toMatchObject({ intact: true, prunedThrough: 8, verified: 1 });
  });

  it('hides nobody who removes more than it did, or changes what it left', async () => {
    const { write, sealAudit, deleteExpired, verifyAudit: verify, database, clock } = written();
    await write(5);
    await sealAudit();
    clock.advance(day);
    await write(5);
    await sealAudit();
    const anchor = database.events[4]?.seal ?? undefined;
    clock.advance(1);
    await deleteExpired({ audit: day, deliveries: day });
    expect(await verifyTampered(database.audit, (chain) => chain.slice(1))).toMatchObject({
      broken: { number: 6, because: 'missing' },
    });
    const first = (chain: readonly AuditRecord[]) =>
      chain.map((record, i) => (i === 0 ? { ...record, at: 1 } : record));
    expect(await verifyTampered(database.audit, first)).toMatchObject({ broken: { number: 6, because: 'changed' } });
    if (!anchor) throw new Error('the fifth record is sealed');
    expect(await verify(admin(), { head: anchor })).toMatchObject({ intact: true });
    expect(await verify(admin(), { head: { ...anchor, number: 4 } })).toMatchObject({
      broken: { number: 4, because: 'pruned' },
    });
    expect(await verify(admin(), { head: { ...anchor, hash: CHAIN_START } })).toMatchObject({
      broken: { number: 5, because: 'other_chain' },
    });
  });

  it('leaves what is not sealed yet, and the end of the chain, however old they are', async () => {
    const { write, sealAudit, deleteExpired, database, clock } = written();
    await write(2);
    clock.advance(10 * day);
    expect(await deleteExpired({ audit: day, deliveries: day })).toBe(0);
    await sealAudit();
    expect(await deleteExpired({ audit: day, deliveries: day })).toBe(1);
    expect(database.events).toMatchObject([{ seal: { number: 2 } }, { name: 'audit.pruned' }]);
  });

  it('under way while somebody verifies is no flaw', async () => {
    const { write, sealAudit, deleteExpired, database, clock } = written();
    await write(5);
    clock.advance(day + 1);
    await write(5);
    await sealAudit();
    let pruned = false;
    const chain: AuditReader['chain'] = async (page) => {
      if (!pruned) await deleteExpired({ audit: day, deliveries: day });
      pruned = true;
      return database.audit.chain(page);
    };
    const verify = verifyAudit({ audit: { ...database.audit, chain }, digest: plainDigest });
    expect(await verify(admin())).toMatchObject({ intact: true, prunedThrough: 5, verified: 5 });
  });
});

describe('an export', () => {
  it('is in the order of the chain; what is not sealed yet comes last', async () => {
    const { write, sealAudit, exportAudit, database } = written();
    await write(502);
    await sealAudit();
    await write(1100);
    const told = await all(exportAudit(admin()));
    expect(told).toHaveLength(1602);
    expect(told).toEqual(database.events.map(({ id }) => expect.objectContaining({ id })));
    expect(told.map(({ seal }) => seal?.number ?? null).slice(500, 504)).toEqual([501, 502, null, null]);
  });

  it('misses nothing and doubles nothing that is sealed meanwhile', async () => {
    const { write, sealAudit, exportAudit } = written();
    await write(3);
    await sealAudit();
    await write(3);
    const ids: number[] = [];
    for await (const { id } of exportAudit(admin())) {
      if (id === 3) await sealAudit();
      ids.push(id);
    }
    expect(ids).toEqual([1, 2, 3, 4, 5, 6]);

    const { database, ...other } = written();
    await other.write(3);
    const unsealed: AuditReader['unsealed'] = async (limit) => {
      const found = await database.audit.unsealed(limit);
      await other.sealAudit();
      return found;
    };
    const meanwhile = world({ audit: { ...database.audit, unsealed } });
    expect((await all(meanwhile.exportAudit(admin()))).map(({ id }) => id)).toEqual([1, 2, 3]);
  });
});

describe('the record of what was done', () => {
  it('is for admins to list, to export and to verify', async () => {
    const { listAudit, exportAudit, verifyAudit: verify } = world();
    const refused = { code: 'user_not_allowed' };
    await expect(listAudit(user())).rejects.toMatchObject(refused);
    await expect(all(exportAudit(user()))).rejects.toMatchObject(refused);
    await expect(verify(user())).rejects.toMatchObject(refused);
    const weak = admin('root', callingAccount({ scope: ['PROJECT'] }));
    await expect(listAudit(weak)).rejects.toMatchObject({ code: 'account_not_allowed' });
    await expect(verify(platformAccount())).rejects.toMatchObject({ code: 'user_header_missing' });
  });

  it('tells how much of it waits, and since when', async () => {
    const { write, sealAudit, publishEvents, showBacklog, clock } = written();
    const none = { count: 0, oldest: null };
    expect(await showBacklog()).toEqual({ unpublished: none, unsealed: none });
    await write(1);
    clock.advance(1);
    await write(1);
    const two = { count: 2, oldest: NEW_YEAR };
    expect(await showBacklog()).toEqual({ unpublished: two, unsealed: two });
    await sealAudit();
    expect(await showBacklog()).toEqual({ unpublished: two, unsealed: none });
    await publishEvents();
    expect(await showBacklog()).toEqual({ unpublished: none, unsealed: none });
  });
});
