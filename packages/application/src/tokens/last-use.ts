import type { TokenId, UnitOfWork } from '@claviger/domain';

/** Remembers when tokens were used until it is asked to write that down: a request writes nothing for it. */
export interface LastUse {
  readonly note: (id: TokenId, at: number) => void;
  /** Writes what was noted since the last time. What cannot be written now is kept for the next. */
  readonly flush: () => Promise<void>;
}

/** Last use is told to the minute: enough to find what nobody uses, too little to follow somebody. */
const MINUTE = 60_000;

export function lastUseIn(unitOfWork: UnitOfWork): LastUse {
  let noted = new Map<TokenId, number>();
  return {
    note(id, at) {
      noted.set(id, at - (at % MINUTE));
    },
    async flush() {
      if (noted.size === 0) return;
      const uses = noted;
      noted = new Map();
      try {
        await unitOfWork.run(({ tokens }) => tokens.noteUses(uses));
      } catch (error) {
        noted = new Map([...uses, ...noted]);
        throw error;
      }
    },
  };
}
