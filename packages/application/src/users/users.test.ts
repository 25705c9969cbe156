import { OPERATOR } from '@claviger/domain';
import { admin, user } from '@claviger/testing';
import { describe, expect, it } from '@jest/globals';
import { world } from '../../test/world.js';

describe('users', () => {
  it('are registered, told and deleted by admins', async () => {
    const { createUser, showUser, listUsers, deleteUser } = world();
    await createUser(admin(), { userId: 'bob', name: 'Bob' });
    await createUser(admin(), { userId: 'alice' });
    expect(await showUser(admin(), { userId: 'bob' })).toMatchObject({ name: 'Bob', admin: false, locked: false });
    const names: string[] = [];
    for await (const each of listUsers(admin())) names.push(each.userId);
    expect(names).toEqual(['alice', 'bob']);
    await deleteUser(admin(), { userId: 'bob' });
    await expect(showUser(admin(), { userId: 'bob' })).rejects.toMatchObject({ code: 'user_missing' });
  });

  it('are registered once', async () => {
    const { createUser } = world();
    await createUser(OPERATOR, { userId: 'bob' });
    await expect(createUser(OPERATOR, { userId: 'bob' })).rejects.toMatchObject({ code: 'user_exists' });
  });

  it('keep no password in clear', async () => {
    const { createUser, changePassword, database } = world();
    const created = await createUser(OPERATOR, { userId: 'bob', password: 'long enough' });
    await changePassword(OPERATOR, { userId: 'bob', password: 'longer than that' });
    expect(JSON.stringify([created, await database.users.find(created.userId), database.events])).not.toMatch(/long/);
  });

  it.each([
    ['short', 'too_short'],
    ['', 'too_short'],
    ['x'.repeat(257), 'too_long'],
  ])('refuse the password “%s”', async (password, rule) => {
    const { createUser, changePassword } = world();
    await createUser(OPERATOR, { userId: 'bob' });
    await expect(changePassword(OPERATOR, { userId: 'bob', password })).rejects.toMatchObject({
      details: { field: 'password', rule },
    });
  });

  it('who are the last acting admin are neither locked nor deleted', async () => {
    const { createUser, lockUser, deleteUser } = world();
    await createUser(OPERATOR, { userId: 'one', admin: true });
    await createUser(OPERATOR, { userId: 'two', admin: true });
    await lockUser(OPERATOR, { userId: 'one', locked: true });
    await expect(lockUser(OPERATOR, { userId: 'two', locked: true })).rejects.toMatchObject({ code: 'admin_is_last' });
    await expect(deleteUser(OPERATOR, { userId: 'two' })).rejects.toMatchObject({ code: 'admin_is_last' });
    await lockUser(OPERATOR, { userId: 'one', locked: false });
    await deleteUser(OPERATOR, { userId: 'two' });
  });

  it('are no business of ordinary users', async () => {
    const { createUser, showUser, lockUser, deleteUser, changePassword } = world();
    const refused = { code: 'user_not_allowed' };
    await expect(createUser(user(), { userId: 'bob' })).rejects.toMatchObject(refused);
    await expect(showUser(user(), { userId: 'bob' })).rejects.toMatchObject(refused);
    await expect(lockUser(user(), { userId: 'bob', locked: true })).rejects.toMatchObject(refused);
    await expect(deleteUser(user(), { userId: 'bob' })).rejects.toMatchObject(refused);
    await expect(changePassword(user(), { userId: 'bob', password: 'long enough' })).rejects.toMatchObject(refused);
  });
});
