import {
  expiryUnder,
  happened,
  openAccount,
  OPERATOR,
  parseAccountStatement,
  PlatformError,
  registerUser,
  type KeyPair,
  type Stores,
  type UserId,
  userChanges,
  accountChanges,
} from '@claviger/domain';
import { disclose, newKeys } from '../accounts/new-keys.js';
import { DEFAULT_OWNER } from '../accounts/create-account.js';
import type { Ports } from '../ports.js';

/** What the first start shows once and nobody can show again. */
export interface FirstRun {
  readonly userId: UserId;
  readonly password: string;
  /** The first platform account's key pair; null when an account of that name was there already. */
  readonly keyPair: KeyPair | null;
}

const FIRST_ACCOUNT = parseAccountStatement({
  appId: 'claviger',
  authorizationGrantTypes: ['PLATFORM'],
  scope: ['SYSTEM'],
  description: 'The first platform account, made at the first start.',
});

/** On a database without users: the user `admin` and the PLATFORM account `claviger`. Null on any other. */
export const firstRun =
  ({ users, unitOfWork, secrets, passwords, ids, clock, policy }: Ports) =>
  async (): Promise<FirstRun | null> => {
    if ((await users.list({ limit: 1, after: null })).length > 0) return null;
    const [keys, now, password] = [newKeys(secrets), clock.now(), passwords.generate()];
    const passwordHash = await passwords.hash(password);
    const admin = registerUser({ userId: DEFAULT_OWNER, name: null, admin: true, passwordHash, now });
    const account = openAccount(FIRST_ACCOUNT, {
      id: ids.nextAccountId(),
      owner: admin.userId,
      keys,
      expiresAt: expiryUnder(policy.expiry, undefined, now),
      now,
    });

    const work = async (stores: Stores): Promise<FirstRun | null> => {
      if (!(await stores.users.isEmpty())) return null;
      const because = happened(OPERATOR, now, userChanges(null, admin));
      await stores.users.add(admin, { name: 'user.registered', ...because });
      if (await stores.accounts.find(account.appId)) return { userId: admin.userId, password, keyPair: null };
      const opening = happened(OPERATOR, now, accountChanges(null, account));
      await stores.accounts.add(account, { name: 'account.opened', ...opening });
      return { userId: admin.userId, password, keyPair: disclose(account, keys).keyPairs[0] ?? null };
    };
    return unitOfWork.run(work).catch((error: unknown) => {
      // Another process was first: what it shows is true, what we made is not.
      if (error instanceof PlatformError && error.kind === 'conflict') return null;
      throw error;
    });
  };
