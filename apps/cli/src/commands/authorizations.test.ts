import { describe, expect, test } from '@jest/globals';
import { user } from '@claviger/testing';
import { world } from '../../test/world.js';

/** Alice lets the calendar use her projects. */
async function authorized() {
  const here = world();
  await here.claviger(
    'account create calendar --grant AUTHORIZATION_CODE --scope PROJECT,REPO --homepage-url https://c.example/ --redirect-uri https://c.example/back',
  );
  await here.held.authorizeAccount(user('alice'), { appId: 'calendar', scope: ['PROJECT'] });
  return here;
}

describe('the authorizations of a user', () => {
  test('are listed with what was granted and when it was used', async () => {
    const { data, claviger } = await authorized();
    const authorization = { scope: ['PROJECT'], grantedAt: '2026-01-01T00:00:00.000Z', lastUsedAt: null };
    const [first] = await data<object[]>('authorization list alice');
    expect(first).toMatchObject({ appId: 'calendar', credentials: [], authorization });
    expect((await claviger('authorization list alice -o table')).stdout.split('\n')).toEqual([
      'APP ID     OWNER   SCOPE     SINCE        LAST USED (UTC)',
      'calendar   admin   PROJECT   2026-01-01   -',
      '',
    ]);
    expect((await claviger('authorization list bob -o table')).stderr).toBe('bob has authorized no application.\n');
  });

  test('are ended for that user, once', async () => {
    const { claviger, data } = await authorized();
    expect(await claviger('authorization revoke alice calendar --yes')).toMatchObject({
      exitCode: 0,
      stdout: 'true\n',
    });
    expect(await data('authorization list alice')).toEqual([]);
    expect(await claviger('authorization revoke alice calendar --yes')).toMatchObject({ exitCode: 4 });
  });

  test('stay when nobody said yes', async () => {
    const { claviger, data } = await authorized();
    expect(await claviger('authorization revoke alice calendar', { typed: ['n'] })).toMatchObject({ exitCode: 2 });
    expect(await data('authorization list alice')).toHaveLength(1);
  });
});
