import type {
  AccountReader,
  DomainEvent,
  SessionReader,
  Stores,
  TokenReader,
  UnitOfWork,
  UserReader,
} from '@claviger/domain';
import { findAccount, findKeyHolder, memoryAccountStore, selectAccounts } from './memory-accounts.js';
import { memoryAuthorizationStore } from './memory-authorizations.js';
import type { MemoryState } from './memory-state.js';
import { memorySessionReader, memorySessionStore } from './memory-sessions.js';
import { memoryTokenReader, memoryTokenStore } from './memory-tokens.js';
import { byName, memoryUserStore } from './memory-users.js';

/** What readers and units of work share: every adapter's outside. */
export interface Database {
  readonly accounts: AccountReader;
  readonly users: UserReader;
  readonly tokens: TokenReader;
  readonly sessions: SessionReader;
  readonly unitOfWork: UnitOfWork;
}

export interface MemoryDatabase extends Database {
  /** What was written, with why; nothing of units that failed. */
  readonly events: readonly DomainEvent[];
}

/** The database as a value in memory. Units of work take turns, each on a copy that replaces the state at its end. */
export function memoryDatabase(): MemoryDatabase {
  let state: MemoryState = {
    accounts: new Map(),
    users: new Map(),
    authorizations: new Map(),
    tokens: new Map(),
    sessions: new Map(),
    events: [],
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
    unitOfWork: {
      run: (work) => {
        const mine = turn.then(() => attempt(work));
        turn = mine.catch(() => undefined);
        return mine;
      },
    },
    get events() {
      return state.events;
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
    events: [...state.events],
  };
}

function storesOn(state: MemoryState): Stores {
  return {
    accounts: memoryAccountStore(state),
    users: memoryUserStore(state),
    authorizations: memoryAuthorizationStore(state),
    tokens: memoryTokenStore(state),
    sessions: memorySessionStore(state),
    audit: {
      removeBefore: async (at, limit) => {
        const old = state.events.filter((event) => event.at < at).slice(0, limit);
        const kept = state.events.filter((event) => !old.includes(event));
        state.events.splice(0, Infinity, ...kept);
        return old.length;
      },
    },
  };
}
