import {
  demandAdmin,
  isNextKeyDue,
  judgeSigningKeys,
  nextSigningKey,
  retiredKeys,
  WORKER,
  type Caller,
  type JudgedSigningKey,
} from '@claviger/domain';
import type { Ports } from '../ports.js';
import { addKey, makeKey, removeKeys } from './make-key.js';

type Needs = Pick<Ports, 'signingKeys' | 'unitOfWork' | 'keyMaker' | 'vault' | 'clock'>;

/** Makes the next key when it is due, deletes those that are retired, and tells how many that were. */
export const rotateSigningKeys =
  (ports: Needs) =>
  async ({ every }: { every: number }): Promise<{ readonly made: number; readonly retired: number }> => {
    const now = ports.clock.now();
    const read = await ports.signingKeys.list();
    const due = isNextKeyDue(read, every, now);
    // Nearly always there is nothing to do: no turn at writing is taken for that.
    if (!due && retiredKeys(read, now).length === 0) return { made: 0, retired: 0 };
    const made = due ? await makeKey(ports) : null;
    return ports.unitOfWork.run(async ({ signingKeys }) => {
      const keys = await signingKeys.list();
      const retired = retiredKeys(keys, now);
      await removeKeys(signingKeys, retired, 'signing_key.retired', WORKER, now);
      const isMade = made !== null && isNextKeyDue(keys, every, now);
      if (isMade) await addKey(signingKeys, nextSigningKey(made, keys, now), WORKER, now);
      return { made: isMade ? 1 : 0, retired: retired.length };
    });
  };

export interface ReplacedSigningKey {
  /** False: the next one was waiting already. */
  readonly made: boolean;
  /** All that there are now, in the order in which they sign. */
  readonly keys: readonly JudgedSigningKey[];
}

/**
 * Makes the next key before its time.
 * @param asked.atOnce it signs at once, and all others are withdrawn at once: nothing they signed is to be believed
 * @throws user_not_allowed
 */
export const replaceSigningKey =
  (ports: Needs) =>
  async (caller: Caller, { atOnce }: { atOnce: boolean }): Promise<ReplacedSigningKey> => {
    const actor = demandAdmin(caller);
    const [made, now] = [await makeKey(ports), ports.clock.now()];
    return ports.unitOfWork.run(async ({ signingKeys }) => {
      const before = await signingKeys.list();
      if (!atOnce && judgeSigningKeys(before, now).some(({ state }) => state === 'waiting'))
        return { made: false, keys: judgeSigningKeys(before, now) };
      const staying = atOnce ? [] : before;
      if (atOnce) await removeKeys(signingKeys, before, 'signing_key.withdrawn', actor, now);
      const next = nextSigningKey(made, staying, now);
      await addKey(signingKeys, next, actor, now);
      return { made: true, keys: judgeSigningKeys([...staying, next], now) };
    });
  };
