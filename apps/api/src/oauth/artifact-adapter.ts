import { GRANTED_KINDS, PlatformError, SCOPES, type Scope } from '@claviger/domain';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { Service } from '../service.js';
import { presentArrival } from './arrival.js';
import { seal, unseal } from './sealed-payload.js';

/** Seconds; nothing is kept without an end. */
const USUAL_LIFE = 900;

/** oidc-provider's storage over the platform's. @param refused what the library is told when a code was redeemed already */
export function artifactAdapter(kind: string, service: Pick<Service, 'platform'>, refused: () => Error): Adapter {
  const keep = async (id: string, payload: AdapterPayload, expiresIn = USUAL_LIFE): Promise<void> => {
    const ofPair = granted(kind);
    const grant = kind === 'Grant' ? id : payload.grantId;
    await service.platform.oauthArtifacts.put({
      kind,
      id,
      grantId: ofPair ? (grant ?? null) : null,
      userId: ofPair ? (payload.accountId ?? null) : null,
      appId: ofPair ? (payload.clientId ?? null) : null,
      scope: scopesIn(payload.scope),
      payload: seal(kind, id, payload),
      expiresAt: Date.now() + expiresIn * 1000,
    });
  };
  const find = async (id: string): Promise<AdapterPayload | undefined> => {
    const found = await service.platform.oauthArtifacts.find(kind, id);
    if (!found || cameTooLate(kind, found)) return undefined;
    const payload = narrowed(unseal(kind, id, found.payload), found.scope);
    return found.consumedAt === null ? payload : { ...payload, consumed: Math.floor(found.consumedAt / 1000) };
  };
  const consume = async (id: string): Promise<void> => {
    const { oauthArtifacts } = service.platform;
    if (await oauthArtifacts.consume(kind, id)) return;
    // Nobody has a reason to use one refresh token twice, however close together: that is no race but two who have it.
    const grantId = kind === 'RefreshToken' ? (await find(id))?.grantId : undefined;
    if (grantId !== undefined) await oauthArtifacts.revokeGrant(grantId);
    throw refused();
  };
  return {
    // Between reading and writing the user may have uninstalled the application: then there is no grant any more.
    upsert: (id, payload, expiresIn) =>
      keep(id, payload, expiresIn).catch((error: unknown) => {
        throw error instanceof PlatformError && error.code === 'authorization_missing' ? refused() : error;
      }),
    find,
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
    consume,
    destroy: (id) => service.platform.oauthArtifacts.remove(kind, id),
    revokeByGrantId: (grantId) => service.platform.oauthArtifacts.revokeGrant(grantId),
  };
}

/**
 * Of many who come with one code at once, all but one get nothing, and that is all. Who comes after it was redeemed must
 * have stolen it, or lost it: then the library ends its tokens.
 */
function cameTooLate(kind: string, { consumedAt }: { readonly consumedAt: number | null }): boolean {
  const arrival = presentArrival();
  return kind === 'AuthorizationCode' && consumedAt !== null && arrival !== undefined && arrival.at <= consumedAt;
}

/** Sessions are ours alone: one of the library's own would outlive a logout, or be somebody else's. */
export const NO_SESSIONS: Adapter = {
  upsert: async () => undefined,
  find: async () => undefined,
  findByUid: async () => undefined,
  findByUserCode: async () => undefined,
  consume: async () => undefined,
  destroy: async () => undefined,
  revokeByGrantId: async () => undefined,
};

function granted(kind: string): boolean {
  return (GRANTED_KINDS as readonly string[]).includes(kind);
}

/** Those of its scopes that are ours. */
function scopesIn(scope = ''): readonly Scope[] {
  const words = scope.split(' ');
  return SCOPES.filter((one) => words.includes(one));
}

/** Without what is no longer left of its scope: introspection and refreshed tokens tell of that alone. */
function narrowed(payload: AdapterPayload, left: readonly Scope[]): AdapterPayload {
  if (payload.scope === undefined) return payload;
  return { ...payload, scope: narrowedScope(payload.scope, left) };
}

/** @param scope words of the protocol and of ours @param left those of ours that are left of it */
export function narrowedScope(scope: string, left: readonly Scope[]): string {
  const lost = scopesIn(scope).filter((one) => !left.includes(one)) as readonly string[];
  const words = scope.split(' ');
  return words.filter((word) => !lost.includes(word)).join(' ');
}
