import { describe, expect, test } from '@jest/globals';
import { world } from '../../test/world.js';

const DAY = 86_400_000;

/** An installation that has signed. */
async function signing() {
  const here = world();
  await here.held.openSigningKeys();
  return here;
}

const stateOf = ({ id, state }: { id: string; state: string }) => `${id} ${state}`;

describe('signing keys', () => {
  test('are listed in the order in which they sign, with what each is good for and without the keys', async () => {
    const { claviger, data, clock } = await signing();
    clock.advance(DAY);
    await claviger('signing-key rotate');
    const answer = await claviger('signing-key list');
    expect(JSON.parse(answer.stdout)).toEqual([
      {
        id: 'signing-key-1',
        state: 'signing',
        createdAt: '2026-01-01T00:00:00.000Z',
        signsFrom: '2026-01-01T00:00:00.000Z',
        retiresAt: '2026-01-05T01:00:00.000Z',
      },
      {
        id: 'signing-key-2',
        state: 'waiting',
        createdAt: '2026-01-02T00:00:00.000Z',
        signsFrom: '2026-01-04T00:00:00.000Z',
        retiresAt: null,
      },
    ]);
    expect(answer.stdout).not.toMatch(/private|box/);
    expect((await claviger('signing-key list -o table')).stdout.split('\n')).toEqual([
      'ID              STATE     CREATED (UTC)      SIGNS FROM (UTC)   PUBLISHED UNTIL (UTC)',
      'signing-key-1   signing   2026-01-01 00:00   2026-01-01 00:00   2026-01-05 01:00',
      'signing-key-2   waiting   2026-01-02 00:00   2026-01-04 00:00   -',
      '',
    ]);
    clock.advance(3 * DAY);
    expect((await data<{ id: string; state: string }[]>('signing-key list')).map(stateOf)).toEqual([
      'signing-key-1 replaced',
      'signing-key-2 signing',
    ]);
  });

  test('are none before somebody signs, and then the first that is made signs at once', async () => {
    const { claviger, data } = world();
    expect(await claviger('signing-key list -o table')).toMatchObject({ stdout: '', exitCode: 0 });
    expect(await data('signing-key rotate')).toMatchObject([{ id: 'signing-key-1', state: 'signing' }]);
  });

  test('are rotated once: while the next one waits, no other is made', async () => {
    const { claviger, data } = await signing();
    const first = await data('signing-key rotate');
    const again = await claviger('signing-key rotate');
    expect(JSON.parse(again.stdout)).toEqual(first);
    expect(again).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('waits already') });
  });

  test('are all withdrawn in an emergency, for one that signs at once', async () => {
    const { claviger, data } = await signing();
    await claviger('signing-key rotate');
    const [only, ...others] = await data<{ id: string; state: string }[]>('signing-key rotate --now');
    expect([only && stateOf(only), others]).toEqual(['signing-key-3 signing', []]);
  });

  test('stay when nobody said yes', async () => {
    const { claviger, data } = await signing();
    expect(await claviger('signing-key rotate --now', { typed: ['n'] })).toMatchObject({ exitCode: 2 });
    expect(await data('signing-key list')).toMatchObject([{ id: 'signing-key-1', state: 'signing' }]);
    expect((await claviger('signing-key rotate --now', { typed: ['y'] })).stdout).toContain('signing-key-2');
  });
});
