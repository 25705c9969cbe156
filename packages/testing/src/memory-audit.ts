import {
  PlatformError,
  type AuditFilter,
  type AuditReader,
  type AuditRecord,
  type AuditTrail,
  type Seal,
  type Waiting,
} from '@claviger/domain';
import { keepRecord, type KeptRecord, type MemoryState } from './memory-state.js';

type Sealed = AuditRecord & { readonly seal: Seal };

export function memoryAuditReader(state: () => MemoryState): AuditReader {
  return {
    list: async (filter, page) =>
      state()
        .records.filter((record) => isWanted(filter, record))
        .filter(({ id }) => page.after === null || id < page.after)
        .toReversed()
        .slice(0, page.limit)
        .map(told),
    chain: async (page) =>
      chainIn(state())
        .filter(({ seal }) => page.after === null || seal.number > page.after)
        .slice(0, page.limit),
    unsealed: async (limit) =>
      state()
        .records.filter(({ seal }) => seal === null)
        .slice(0, limit)
        .map(told),
    backlog: async () => ({
      unpublished: waiting(state().records.filter(({ published }) => !published)),
      unsealed: waiting(state().records.filter(({ seal }) => seal === null)),
    }),
  };
}

export function memoryAuditTrail(state: MemoryState): AuditTrail {
  const replace = (change: (record: KeptRecord) => KeptRecord) =>
    void state.records.splice(0, Infinity, ...state.records.map(change));
  return {
    add: async (record) => keepRecord(state, record),
    takeUnpublished: async (limit) => {
      const taken = state.records.filter(({ published }) => !published).slice(0, limit);
      replace((record) => (taken.includes(record) ? { ...record, published: true } : record));
      return taken.map(told);
    },
    lastSeal: async () => chainIn(state).at(-1)?.seal ?? null,
    seal: async (seals) => {
      const unsealed = state.records.filter(({ seal }) => seal === null).map(({ id }) => id);
      const numbers = chainIn(state).map(({ seal }) => seal.number);
      if ([...seals].some(([id, { number }]) => !unsealed.includes(id) || numbers.includes(number)))
        throw new PlatformError('write_was_stale');
      replace((record) => ({ ...record, seal: record.seal ?? seals.get(record.id) ?? null }));
    },
    removeBefore: async (at, limit) => {
      const chain = chainIn(state);
      const firstToStay = chain.findIndex((record, i) => record.at >= at || i === chain.length - 1);
      const gone = chain.slice(0, Math.min(Math.max(firstToStay, 0), limit));
      const last = gone.at(-1)?.seal;
      if (!last) return null;
      const ids = gone.map(({ id }) => id);
      state.records.splice(0, Infinity, ...state.records.filter(({ id }) => !ids.includes(id)));
      return { last, removed: gone.length };
    },
  };
}

function chainIn({ records }: MemoryState): readonly Sealed[] {
  return records
    .flatMap((record) => (record.seal ? [{ ...told(record), seal: record.seal }] : []))
    .toSorted((one, other) => one.seal.number - other.seal.number);
}

function isWanted(filter: AuditFilter, { name, by, subject, at }: AuditRecord): boolean {
  const { since = -Infinity, until = Infinity } = filter;
  return [
    filter.name === undefined || name === filter.name || name.startsWith(`${filter.name}.`),
    filter.byUser === undefined || by.userId === filter.byUser,
    filter.byApp === undefined || by.appId === filter.byApp,
    filter.subject === undefined || [subject.id, subject.name].includes(filter.subject),
    filter.address === undefined || by.address === filter.address,
    filter.traceId === undefined || by.traceId === filter.traceId,
    at >= since && at < until,
  ].every(Boolean);
}

function waiting(records: readonly KeptRecord[]): Waiting {
  return { count: records.length, oldest: records.length === 0 ? null : Math.min(...records.map(({ at }) => at)) };
}

function told({ published: _, ...record }: KeptRecord): AuditRecord {
  return record;
}
