import type { SigningKey, SigningKeyEvent, SigningKeyReader, SigningKeyStore } from '@claviger/domain';
import { keep, type MemoryState } from './memory-state.js';

export function memorySigningKeyReader(state: () => MemoryState): SigningKeyReader {
  return { list: async () => [...state().signingKeys.values()] };
}

export function memorySigningKeyStore(state: MemoryState): SigningKeyStore {
  const record = ({ id }: SigningKey, because: SigningKeyEvent): void =>
    keep(state, { kind: 'signing_key', id, name: id }, because);
  return {
    list: async () => [...state.signingKeys.values()],
    add: async (key, because) => {
      state.signingKeys.set(key.id, key);
      record(key, because);
    },
    remove: async (key, because) => {
      state.signingKeys.delete(key.id);
      record(key, because);
    },
  };
}
