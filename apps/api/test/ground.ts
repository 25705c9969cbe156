import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { platform } from '@claviger/application';
import type { KeyMaker, KeyPair, PrivateKey, SigningKeyId } from '@claviger/domain';
import {
  memoryPorts,
  type FixedClock,
  type MemoryDatabase,
  type PlainFailureGuard,
  type PlainMessenger,
} from '@claviger/testing';
import type { Service } from '../src/service.js';

/** What the API stands on. */
export interface Ground extends Service {
  readonly database: MemoryDatabase;
  readonly clock: FixedClock;
  readonly failures: PlainFailureGuard;
  readonly messenger: PlainMessenger;
  /** The key pair of the platform account `claviger`, whose scope is SYSTEM. */
  readonly system: KeyPair;
  /** Of the user `admin`. */
  readonly password: string;
}

/** Keys that one can sign with. */
const keyMaker: KeyMaker = {
  newSigningKey: async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const text = privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64url');
    return { id: randomUUID() as SigningKeyId, privateKey: text as PrivateKey };
  },
};

export async function freshGround(): Promise<Ground> {
  const { database, ports } = memoryPorts();
  const { clock, failures, messenger } = ports;
  const everything = platform({ ...ports, keyMaker });
  const first = await everything.firstRun();
  if (!first?.keyPair) throw new Error('The database was not empty.');
  const service = {
    platform: everything,
    requests: null,
    oauthCookieKey: 'a cookie key for tests',
    ping: async () => undefined,
  };
  return { ...service, database, clock, failures, messenger, system: first.keyPair, password: first.password };
}
