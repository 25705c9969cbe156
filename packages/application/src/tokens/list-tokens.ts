import { demandActor, demandAdmin, parseUserId, type AccessToken, type Caller, type TokenId } from '@claviger/domain';
import type { Ports } from '../ports.js';

const CHUNK = 500;

/** The caller's own tokens, oldest first; an operator's or admin's choice of anybody's. @param given.userId for admins */
export const listTokens =
  ({ tokens }: Pick<Ports, 'tokens'>) =>
  async (caller: Caller, given: { userId?: string | undefined } = {}): Promise<AsyncIterable<AccessToken>> => {
    const asked = given.userId === undefined ? null : parseUserId(given.userId);
    const actor = demandActor(caller);
    const own = actor.kind === 'user' ? actor.userId : null;
    if (asked !== null && asked !== own) demandAdmin(actor);
    return all(tokens, asked ?? own);
  };

async function* all(tokens: Ports['tokens'], userId: AccessToken['userId'] | null): AsyncGenerator<AccessToken> {
  for (let after: TokenId | null = null; ;) {
    const chunk: readonly AccessToken[] = await tokens.list(userId, { limit: CHUNK, after });
    yield* chunk;
    after = chunk.at(-1)?.id ?? null;
    if (chunk.length < CHUNK) return;
  }
}
