import type { Account, KeyPair, NewKeys, Secrets } from '@claviger/domain';

/** An account, and in clear the key pairs that were made with it: the only time anybody sees their secrets. */
export interface DisclosedAccount {
  readonly account: Account;
  readonly keyPairs: readonly KeyPair[];
}

/** A key for each grant type, made before the transaction: its work may run again and must not make others. */
export function newKeys(secrets: Secrets): NewKeys {
  return { PLATFORM: secrets.newKey(), AUTHORIZATION_CODE: secrets.newKey() };
}

/** The account with those of the new keys that it took. */
export function disclose(account: Account, keys: NewKeys): DisclosedAccount {
  const taken = Object.values(keys).filter((key) => account.credentials.some((c) => c.accessKey === key.accessKey));
  return { account, keyPairs: taken.map(({ accessKey, secretKey }) => ({ accessKey, secretKey })) };
}
