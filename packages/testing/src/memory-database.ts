import type {
  AccountReader,
  AuditReader,
  AuditRecord,
  Job,
  OAuthArtifactReader,
  SessionReader,
  SigningKeyReader,
  Stores,
  TokenReader,
  UnitOfWork,
  UserReader,
  WebhookReader,
} from '@claviger/domain';
import { findAccount, findKeyHolder, keysOf, memoryAccountStore, selectAccounts } from './memory-accounts.js';
import { memoryAuditReader, memoryAuditTrail } from './memory-audit.js';
import { memoryAuthorizationStore } from './memory-authorizations.js';
import { memoryJobQueue } from './memory-jobs.js';
import type { MemoryState } from './memory-state.js';
import { memorySessionReader, memorySessionStore } from './memory-sessions.js';
import { memorySigningKeyReader, memorySigningKeyStore } from './memory-signing-keys.js';
import { memoryArtifactReader, memoryArtifactStore } from './memory-artifacts.js';
import { memoryTokenReader, memoryTokenStore } from './memory-tokens.js';
import { byName, memoryUserStore } from './memory-users.js';
import { memoryDeliveryStore, memoryWebhookReader, memoryWebhookStore } from './memory-webhooks.js';

/** What readers and units of work share: every adapter's outside. */
export interface Database {
  readonly accounts: AccountReader;
  readonly users: UserReader;
  readonly tokens: TokenReader;
  readonly sessions: SessionReader;
  readonly webhooks: WebhookReader;
  readonly audit: AuditReader;
  readonly oauth: OAuthArtifactReader;
  readonly signingKeys: SigningKeyReader;
  readonly unitOfWork: UnitOfWork;
}

export interface MemoryDatabase extends Database {
  /** What was written, with why; nothing of units that failed. */
  readonly events: readonly AuditRecord[];
  /** Those that wait. */
  readonly jobs: readonly Job[];
}

/** The database as a value in memory. Units of work take turns, each on a copy that replaces the state at its end. */
export function memoryDatabase(): MemoryDatabase {
  let state: MemoryState = {
    accounts: new Map(),
    users: new Map(),
    authorizations: new Map(),
    tokens: new Map(),
    sessions: new Map(),
    webhooks: new Map(),
    deliveries: new Map(),
    records: [],
    counted: { records: 0 },
    jobs: new Map(),
    periods: new Map(),
    artifacts: new Map(),
    signingKeys: new Map(),
  };
  let turn: Promise<unknown> = Promise.resolve();

  async function attempt<T>(work: (stores: Stores) => Promise<T>): Promise<T> {
    const copy = copyOf(state);
    const result = await work(storesOn(copy));
    state = copy;
    return result;
  }

  return {
    accounts: {
      find: async (appId) => findAccount(state, appId),
      findByAccessKey: async (accessKey) => findKeyHolder(state, accessKey),
      findKeysOf: async (appId) => keysOf(findAccount(state, appId)),
      list: async (filter, page) =>
        selectAccounts(state, filter)
          .filter(({ id }) => page.after === null || id > page.after)
          .slice(0, page.limit),
      count: async (filter) => selectAccounts(state, filter).length,
    },
    users: {
      find: async (userId) => state.users.get(userId) ?? null,
      list: async (page) =>
        [...state.users.values()]
          .toSorted(byName)
          .filter(({ userId }) => page.after === null || userId > page.after)
          .slice(0, page.limit),
    },
    tokens: memoryTokenReader(() => state),
    sessions: memorySessionReader(() => state),
    webhooks: memoryWebhookReader(() => state),
    audit: memoryAuditReader(() => state),
    oauth: memoryArtifactReader(() => state),
    signingKeys: memorySigningKeyReader(() => state),
    unitOfWork: {
      run: (work) => {
        const mine = turn.then(() => attempt(work));
        turn = mine.catch(() => undefined);
        return mine;
      },
    },
    get events() {
      return state.records;
    },
    get jobs() {
      return [...state.jobs.values()];
    },
  };
}

function copyOf(state: MemoryState): MemoryState {
  return {
    accounts: new Map(state.accounts),
    users: new Map(state.users),
    authorizations: new Map(state.authorizations),
    tokens: new Map(state.tokens),
    sessions: new Map(state.sessions),
    webhooks: new Map(state.webhooks),
    deliveries: new Map(state.deliveries),
    records: [...state.records],
    counted: { ...state.counted },
    jobs: new Map(state.jobs),
    periods: new Map(state.periods),
    artifacts: new Map(state.artifacts),
    signingKeys: new Map(state.signingKeys),
  };
}

function storesOn(state: MemoryState): Stores {
  return {
    accounts: memoryAccountStore(state),
    users: memoryUserStore(state),
    authorizations: memoryAuthorizationStore(state),
    tokens: memoryTokenStore(state),
    sessions: memorySessionStore(state),
    webhooks: memoryWebhookStore(state),
    deliveries: memoryDeliveryStore(state),
    audit: memoryAuditTrail(state),
    jobs: memoryJobQueue(state),
    oauth: memoryArtifactStore(state),
    signingKeys: memorySigningKeyStore(state),
  };
}
