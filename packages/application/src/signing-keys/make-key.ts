import {
  happened,
  signingKeyChanges,
  type Actor,
  type SigningKey,
  type SigningKeyEvent,
  type SigningKeyStore,
} from '@claviger/domain';
import type { Ports } from '../ports.js';

/** A new key, boxed. Takes a while, so it is made before the unit of work that keeps it. */
export async function makeKey({
  keyMaker,
  vault,
}: Pick<Ports, 'keyMaker' | 'vault'>): Promise<Pick<SigningKey, 'id' | 'privateKey'>> {
  const { id, privateKey } = await keyMaker.newSigningKey();
  return { id, privateKey: vault.box('signing key', privateKey) };
}

export async function addKey(store: SigningKeyStore, key: SigningKey, caller: Actor, now: number): Promise<void> {
  await store.add(key, { name: 'signing_key.created', ...happened(caller, now, signingKeyChanges(null, key)) });
}

export async function removeKeys(
  store: SigningKeyStore,
  keys: readonly SigningKey[],
  name: Exclude<SigningKeyEvent['name'], 'signing_key.created'>,
  caller: Actor,
  now: number,
): Promise<void> {
  for (const key of keys) await store.remove(key, { name, ...happened(caller, now, signingKeyChanges(key, null)) });
}
