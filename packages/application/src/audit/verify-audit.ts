import { chainedText, CHAIN_START, demandAdmin, type AuditRecord, type Caller, type Seal } from '@claviger/domain';
import type { Ports } from '../ports.js';
import { recordsInChain } from './list-audit.js';

/** What can be said of the record of what was done. */
export interface AuditVerdict {
  readonly intact: boolean;
  /** The first place in the chain that is wrong, and how; null when none is. */
  readonly broken: { readonly number: number; readonly because: AuditFlaw } | null;
  /** Records whose hashes were computed anew. */
  readonly verified: number;
  /** Written, and not sealed yet. */
  readonly unsealed: number;
  /** The last one that was deleted when it was too old to be kept; null when none was. */
  readonly prunedThrough: number | null;
  /** The end of the chain: whoever keeps it elsewhere can prove later that nothing up to here was changed. */
  readonly last: Seal | null;
}

/**
 * `missing`: a record was removed; `changed`: it does not say what it said; `other_chain`: it is not the chain that
 * ended so; `pruned`: the head was too old to be kept, so that nothing can be said of it.
 */
export type AuditFlaw = 'missing' | 'changed' | 'other_chain' | 'pruned';

type Needs = Pick<Ports, 'audit' | 'digest'>;

/**
 * Computes every hash of the chain anew, for admins.
 * @param given.head what the end of the chain was at some earlier time: it must still be part of it
 */
export const verifyAudit =
  (ports: Needs) =>
  async (caller: Caller, given: { head?: Seal | undefined } = {}): Promise<AuditVerdict> => {
    demandAdmin(caller);
    for (;;) {
      const anchor = await anchorOf(ports.audit);
      const verdict = await walk(ports, anchor, given.head ?? null);
      // What was deleted while we walked is no flaw.
      if (verdict.intact || (await anchorOf(ports.audit)).number === anchor.number) return verdict;
    }
  };

/** What the first record that is left was chained to: the record of the last deletion says it. */
async function anchorOf(audit: Needs['audit']): Promise<Seal> {
  const [pruned] = await audit.list({ name: 'audit.pruned' }, { limit: 1, after: null });
  const { through, hash } = pruned?.details ?? {};
  return typeof through === 'number' && typeof hash === 'string'
    ? { number: through, hash }
    : { number: 0, hash: CHAIN_START };
}

async function walk({ audit, digest }: Needs, anchor: Seal, head: Seal | null): Promise<AuditVerdict> {
  let [last, verified]: [Seal, number] = [anchor, 0];
  let broken: AuditVerdict['broken'] = null;
  // Whoever asks for a proof must not take the lack of one for it.
  if (head && head.number < anchor.number) broken = { number: head.number, because: 'pruned' };
  if (head?.number === anchor.number && head.hash !== anchor.hash)
    broken = { number: head.number, because: 'other_chain' };
  for await (const record of recordsInChain(audit)) {
    broken ??= flawIn(record, last, head, digest);
    [last, verified] = [record.seal, verified + 1];
  }
  if (head && head.number > last.number) broken ??= { number: last.number + 1, because: 'missing' };
  return {
    intact: broken === null,
    broken,
    verified,
    unsealed: (await audit.backlog()).unsealed.count,
    prunedThrough: anchor.number === 0 ? null : anchor.number,
    last: last.number === 0 ? null : last,
  };
}

function flawIn(
  { seal, ...record }: AuditRecord & { readonly seal: Seal },
  previous: Seal,
  head: Seal | null,
  digest: Needs['digest'],
): AuditVerdict['broken'] {
  if (seal.number !== previous.number + 1) return { number: previous.number + 1, because: 'missing' };
  if (digest.sha256(chainedText(previous.hash, seal.number, record)) !== seal.hash)
    return { number: seal.number, because: 'changed' };
  if (head?.number === seal.number && head.hash !== seal.hash) return { number: seal.number, because: 'other_chain' };
  return null;
}
