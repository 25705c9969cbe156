import { randomBytes } from 'node:crypto';
import type { AccountJson, AuditJson, CredentialJson } from '@claviger/application';
import type { KeyPair } from '@claviger/domain';

/** An account as its client was told; null: it is not there. */
export type Known = {
  readonly description: string | null;
  readonly locked: boolean;
  readonly keys: readonly Key[];
} | null;

/** A key pair; of one whose making nobody was told of, only the type is known. */
export type Key = { readonly type: string; readonly enabled: boolean } & Partial<KeyPair>;

/** One change: how it is asked for, what it makes of the account, and what the audit shall say of it. */
export interface Change {
  readonly appId: string;
  /** More than one: asked at once, and at most one of them is done. */
  readonly requests: readonly (readonly [method: string, path: string, body?: object])[];
  readonly event: AuditJson['name'];
  /** @param told what was answered; left out: nobody heard it */
  after(told?: unknown): Known;
}

/** A request as the audit would name it. */
export interface Asked {
  readonly event: AuditJson['name'];
  readonly appId: string;
  /** `unknown`: the answer never came, or was that the database is away. */
  readonly outcome: 'acknowledged' | 'refused' | 'unknown';
}

/** What clients asked for and were told, to be held against what the service says afterwards. */
export interface Ledger {
  /** By trace id. */
  readonly asked: Map<string, Asked>;
  /** By appId in lower case. */
  readonly accounts: Map<string, Known>;
  /** Of each account the change whose end nobody was told, and the traces of its requests. */
  readonly inDoubt: Map<string, { readonly change: Change; readonly traces: readonly string[] }>;
  /** Pairs that went with their credential, their type or their account. */
  readonly revoked: KeyPair[];
  /** Milliseconds from each restart to the first change that was acknowledged after it. */
  readonly recoveries: number[];
}

export function openLedger(): Ledger {
  return { asked: new Map(), accounts: new Map(), inDoubt: new Map(), revoked: [], recoveries: [] };
}

export function acknowledgedIn({ asked }: Ledger): number {
  return [...asked.values()].filter(({ outcome }) => outcome === 'acknowledged').length;
}

/** Writes down what is about to be asked; its outcome is unknown until somebody says more. */
export function noteAsked(ledger: Ledger, { event, appId }: Change): string {
  const traceId = randomBytes(16).toString('hex');
  ledger.asked.set(traceId, { event, appId, outcome: 'unknown' });
  return traceId;
}

export function noteOutcome({ asked }: Ledger, traceId: string, outcome: Asked['outcome']): void {
  const noted = asked.get(traceId);
  if (noted) asked.set(traceId, { ...noted, outcome });
}

/** From here on the account is this; pairs that it no longer has are revoked. */
export function noteKnown(ledger: Ledger, appId: string, known: Known): void {
  const before = ledger.accounts.get(appId)?.keys ?? [];
  const kept = new Set(known?.keys.map(({ accessKey }) => accessKey));
  ledger.revoked.push(...before.filter(isWhole).filter(({ accessKey }) => !kept.has(accessKey)));
  ledger.accounts.set(appId, known);
}

/** Both halves are known. */
export function isWhole(key: Key): key is Key & KeyPair {
  return key.accessKey !== undefined && key.secretKey !== undefined;
}

/** The key pair of that type as an answer told it, if there was one. */
export function keyIn(told: unknown, type: string): Key {
  const { credentials = [] } = (told ?? {}) as { credentials?: CredentialJson[] };
  const { accessKey, secretKey } = credentials.find((one) => one.authorizationGrantType === type) ?? {};
  return { type, enabled: true, ...(accessKey && secretKey ? { accessKey, secretKey } : {}) } as Key;
}

/** Whether the account that was found is what is known of it. */
export function isThat(found: AccountJson | null, known: Known): boolean {
  if (!found || !known) return !found && !known;
  const has = new Map(found.credentials.map((held) => [held.accessKey, held.status === 'ENABLE']));
  return (
    found.description === known.description &&
    found.locked === known.locked &&
    typesOf(found.credentials.map((held) => held.authorizationGrantType)) ===
      typesOf(known.keys.map(({ type }) => type)) &&
    known.keys.every(({ accessKey, enabled }) => !accessKey || has.get(accessKey) === enabled)
  );
}

/** What is known once somebody has looked; secrets that nobody was told stay unknown. */
export function asFound(found: AccountJson | null, known: Known): Known {
  if (!found) return null;
  const keys = found.credentials.map((held): Key => {
    const told = known?.keys.find(({ accessKey }) => accessKey === held.accessKey);
    const enabled = held.status === 'ENABLE';
    return { ...told, type: held.authorizationGrantType, enabled, accessKey: held.accessKey } as Key;
  });
  return { description: found.description, locked: found.locked, keys };
}

function typesOf(all: readonly string[]): string {
  return all.toSorted().join();
}
