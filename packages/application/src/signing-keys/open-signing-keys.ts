import {
  nextSigningKey,
  publishedKeys,
  WORKER,
  type PrivateKey,
  type SigningKey,
  type SigningKeyId,
} from '@claviger/domain';
import type { Ports } from '../ports.js';
import { addKey, makeKey } from './make-key.js';

/** A published key, in clear. */
export interface OpenedSigningKey {
  readonly id: SigningKeyId;
  readonly privateKey: PrivateKey;
}

type Needs = Pick<Ports, 'signingKeys' | 'unitOfWork' | 'keyMaker' | 'vault' | 'clock'>;

/** All published keys in clear, the one that signs first: for whoever signs. Makes the first key of all. */
export const openSigningKeys = (ports: Needs) => async (): Promise<readonly OpenedSigningKey[]> => {
  const found = await ports.signingKeys.list();
  const keys = found.length > 0 ? found : await makeFirst(ports);
  return publishedKeys(keys, ports.clock.now()).map(({ id, privateKey }) => ({
    id,
    privateKey: ports.vault.open('signing key', privateKey),
  }));
};

/** Of several who find none, one makes the first, and all go on with that. */
async function makeFirst(ports: Needs): Promise<readonly SigningKey[]> {
  const [made, now] = [await makeKey(ports), ports.clock.now()];
  return ports.unitOfWork.run(async ({ signingKeys }) => {
    const found = await signingKeys.list();
    if (found.length > 0) return found;
    const first = nextSigningKey(made, [], now);
    await addKey(signingKeys, first, WORKER, now);
    return [first];
  });
}
