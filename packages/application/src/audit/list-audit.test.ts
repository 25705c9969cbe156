import { OPERATOR, type AuditRecord } from '@claviger/domain';
import { admin, aRecord, callingAccount, NEW_YEAR } from '@claviger/testing';
import { describe, expect, it } from '@jest/globals';
import { world } from '../../test/world.js';
import type { AuditList, AuditQuery } from './list-audit.js';

async function ids({ records }: AuditList): Promise<readonly number[]> {
  const found: AuditRecord[] = [];
  for await (const record of records) found.push(record);
  return found.map(({ id }) => id);
}

describe('listing what was done', () => {
  const at = (ms: number) => new Date(NEW_YEAR + ms).toISOString();

  /** Records 1 to 4. */
  async function written() {
    const here = world();
    const { by } = aRecord();
    const subject = { kind: 'account', id: 'id-of-builds', name: 'builds' } as const;
    const { appId } = callingAccount({ appId: 'console' });
    await here.database.unitOfWork.run(async ({ audit }) => {
      await audit.add(aRecord({ name: 'account.opened', subject, at: NEW_YEAR }));
      await audit.add(aRecord({ name: 'account.locked', subject, at: NEW_YEAR + 1, by: { ...by, appId } }));
      await audit.add(aRecord({ name: 'user.locked', at: NEW_YEAR + 2, by: { ...by, address: '198.51.100.7' } }));
      const bob = { ...by, userId: admin('bob').userId, traceId: 'f'.repeat(32) };
      await audit.add(aRecord({ name: 'accounts.none' as 'account.opened', at: NEW_YEAR + 3, by: bob }));
    });
    return here;
  }

  it.each<[string, AuditQuery, readonly number[]]>([
    ['nothing', {}, [4, 3, 2, 1]],
    ['an event', { name: 'account.locked' }, [2]],
    ['the events of one kind of thing', { name: 'account' }, [2, 1]],
    ['the user who did it', { byUser: 'bob' }, [4]],
    ['the account through which it was done', { byApp: 'console' }, [2]],
    ['the name of what it was done to', { subject: 'builds' }, [2, 1]],
    ['the id of what it was done to', { subject: 'id-of-builds' }, [2, 1]],
    ['where it came from', { address: '198.51.100.7' }, [3]],
    ['the request', { traceId: 'f'.repeat(32) }, [4]],
    ['a time from which, that one included', { since: at(2) }, [4, 3]],
    ['a time until which, that one not included', { until: at(2) }, [2, 1]],
    ['several of them, which all have to be met', { name: 'account', since: at(1), until: at(3) }, [2]],
    ['what is not there', { subject: 'nowhere' }, []],
  ])('is narrowed by %s', async (_what, query, expected) => {
    const { listAudit } = await written();
    expect(await ids(await listAudit(admin(), query))).toEqual(expected);
    expect(await ids(await listAudit(admin(), { ...query, limit: 1 }))).toEqual(expected.slice(0, 1));
  });

  it('goes on where the page before ended, whatever is written meanwhile, and ends', async () => {
    const { listAudit, createUser } = await written();
    const first = await listAudit(admin(), { limit: 2 });
    expect(await ids(first)).toEqual([4, 3]);
    await createUser(OPERATOR, { userId: 'carol' });
    const second = await listAudit(admin(), { limit: 2, cursor: first.next ?? '' });
    expect(await ids(second)).toEqual([2, 1]);
    expect(second.next).toBeNull();
    expect(await ids(await listAudit(admin(), { cursor: first.next ?? '' }))).toEqual([2, 1]);
  });

  it('tells all of it when no limit is given', async () => {
    const { listAudit, database } = world();
    await database.unitOfWork.run(async ({ audit }) => {
      for (let i = 0; i < 1001; i++) await audit.add(aRecord());
    });
    const list = await listAudit(OPERATOR);
    expect(list.next).toBeNull();
    expect(await ids(list)).toEqual(database.events.map(({ id }) => id).toReversed());
  });

  it.each<[string, AuditQuery]>([
    ['limit', { limit: 0 }],
    ['limit', { limit: 1001 }],
    ['limit', { limit: 1.5 }],
    ['cursor', { cursor: '0' }],
    ['cursor', { cursor: 'page 2' }],
    ['cursor', { cursor: '1'.repeat(16) }],
    ['since', { since: 'yesterday' }],
    ['until', { until: '2026-01-01' }],
    ['subject', { subject: '\0' }],
    ['byUser', { byUser: 'x'.repeat(257) }],
  ])('refuses an ill-formed %s', async (field, query) => {
    await expect(world().listAudit(admin(), query)).rejects.toMatchObject({
      code: 'field_invalid',
      details: { field },
    });
  });
});
