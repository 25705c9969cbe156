import type { AccountId } from './account.js';
import type { Scope } from './grant-rules.js';
import type { UserId } from './names.js';

/** One user's word that one application may act for them. Uninstalling the application takes it back. */
export interface Authorization {
  readonly userId: UserId;
  readonly accountId: AccountId;
  readonly scope: readonly Scope[];
  /** Milliseconds since 1970, UTC. */
  readonly grantedAt: number;
  /** When the application last acted for them, to the minute; null: never. */
  readonly lastUsedAt: number | null;
}
