import {
  toLastUseGrain,
  type AccessKey,
  type Authorization,
  type AuthorizationUse,
  type CredentialUse,
  type TokenId,
  type UnitOfWork,
} from '@claviger/domain';

/** Remembers when keys and tokens were used until it is asked to write that down: a request writes nothing for it. */
export interface LastUse {
  readonly noteToken: (id: TokenId, at: number) => void;
  /** @param from the address it came from; null: not known */
  readonly noteCredential: (accessKey: AccessKey, at: number, from: string | null) => void;
  readonly noteAuthorization: (used: Pick<Authorization, 'userId' | 'accountId'>, at: number) => void;
  /** Writes what was noted since the last time. What cannot be written now is kept for the next. */
  readonly flush: () => Promise<void>;
}

export function lastUseIn(unitOfWork: UnitOfWork): LastUse {
  let tokenUses = new Map<TokenId, number>();
  let credentialUses = new Map<AccessKey, CredentialUse>();
  let authorizationUses = new Map<string, AuthorizationUse>();
  return {
    noteToken(id, at) {
      tokenUses.set(id, toLastUseGrain(at));
    },
    noteCredential(accessKey, at, from) {
      const before = credentialUses.get(accessKey);
      const minute = toLastUseGrain(at);
      // Most uses fall into the minute of the one before: the hot path leaves them alone.
      if (before?.at !== minute || before.from !== from) credentialUses.set(accessKey, { at: minute, from });
    },
    noteAuthorization({ userId, accountId }, at) {
      authorizationUses.set(`${userId} ${accountId}`, { userId, accountId, at: toLastUseGrain(at) });
    },
    async flush() {
      if (tokenUses.size + credentialUses.size + authorizationUses.size === 0) return;
      const [ofTokens, ofCredentials, ofAuthorizations] = [tokenUses, credentialUses, authorizationUses];
      [tokenUses, credentialUses, authorizationUses] = [new Map(), new Map(), new Map()];
      try {
        await unitOfWork.run(async ({ accounts, tokens, authorizations }) => {
          if (ofTokens.size > 0) await tokens.noteUses(ofTokens);
          if (ofCredentials.size > 0) await accounts.noteUses(ofCredentials);
          if (ofAuthorizations.size > 0) await authorizations.noteUses([...ofAuthorizations.values()]);
        });
      } catch (error) {
        authorizationUses = new Map([...ofAuthorizations, ...authorizationUses]);
        tokenUses = new Map([...ofTokens, ...tokenUses]);
        credentialUses = new Map([...ofCredentials, ...credentialUses]);
        throw error;
      }
    },
  };
}
