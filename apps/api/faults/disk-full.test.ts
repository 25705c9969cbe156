import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { platformHeaders } from '../test/answer.js';
import { killAll, startFirst } from '../test/api-process.js';
import { startWorker } from '../test/processes/worker-process.js';
import { endOfAudit, findBreaches } from './invariants.js';
import { acknowledgedIn, openLedger } from './ledger.js';
import { measuredIn, report, SEALING } from './report.js';
import { until, untilSealed } from './until.js';
import { writeOn } from './writing-client.js';

const CLIENTS = 4;

const disk = smallDisk();

/** Only root may mount, and not in every container. Where that is so it is said loudly. */
const onSmallDisk = disk ? describe : describe.skip;

onSmallDisk('when the disk of the SQLite file is full', () => {
  afterAll(async () => {
    await killAll();
    disk?.remove();
  });

  test('writes are told to come back, reads go on, nothing is half written, and with room again all is well', async () => {
    if (!disk) throw new Error('There is no disk.');
    const setting = { cwd: disk.folder, env: SEALING };
    const api = await startFirst(setting);
    const worker = startWorker(setting);
    await worker.ready;
    const { system, call } = api;
    const since = await endOfAudit(call, system);
    const ledger = openLedger();
    const write = (name: string, enough: number) => {
      const end = acknowledgedIn(ledger) + enough;
      const isOver = () => acknowledgedIn(ledger) >= end;
      const client = (_: unknown, i: number) =>
        writeOn({ name: `${name}-${i}`, ledger, system, call, goOn: () => false, isOver });
      return Promise.all(Array.from({ length: CLIENTS }, client));
    };
    await write('with-room', 50);
    expect(ledger.inDoubt.size).toBe(0);

    disk.fill();
    // Each of them writes until it is told that this does not work.
    await write('without-room', Infinity);
    expect(ledger.inDoubt.size).toBe(CLIENTS);
    const as = platformHeaders(system, 'admin');
    const body = { appId: 'full', authorizationGrantTypes: ['PLATFORM'] };
    expect(await call('POST', '/auth/api/account/create', { as, body })).toMatchObject({
      status: 503,
      headers: { 'retry-after': '2' },
      body: { code: 250128 },
    });
    expect((await call('GET', '/auth/api/account/list', { as })).status).toBe(200);
    const check = await call('POST', '/auth/api/account/credential/check', {
      as: platformHeaders(system),
      body: system,
    });
    expect(check.body.data).toEqual({ valid: true, appId: 'claviger' });
    expect((await call('GET', '/health/live')).status).toBe(200);

    disk.clear();
    const cleared = performance.now();
    await until(async () => (await call('POST', '/auth/api/account/create', { as, body })).status !== 503);
    ledger.recoveries.push(performance.now() - cleared);
    await call('DELETE', '/auth/api/account/delete/full', { as });
    await write('with-room-again', 50);

    await untilSealed(call, system);
    const breaches = (await findBreaches(ledger, call, system, since)).filter((breach) => !breach.includes('"full"'));
    report('a full disk', measuredIn(ledger, breaches, 0));
    expect(breaches).toEqual([]);
    expect(await Promise.all([api.stop(), worker.stop()])).toEqual([0, 0]);
  }, 120_000);
});

/** A file system of 8 MiB; null where nobody may mount one. */
function smallDisk() {
  const folder = mkdtempSync(join(tmpdir(), 'claviger-small-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'claviger-test', folder], { stdio: 'pipe' });
  } catch {
    rmSync(folder, { recursive: true });
    process.stderr.write(
      '\n!!! NOT TESTED: a full disk. Nobody but root may mount a small one, where the container lets them.\n\n',
    );
    return null;
  }
  const ballast = join(folder, 'ballast');
  return {
    folder,
    /** To the last byte. */
    fill: () => {
      const { bavail, bsize } = statfsSync(folder);
      writeFileSync(ballast, Buffer.alloc(bavail * bsize));
    },
    clear: () => rmSync(ballast),
    remove: () => {
      execFileSync('umount', ['--lazy', folder]);
      rmSync(folder, { recursive: true });
    },
  };
}
