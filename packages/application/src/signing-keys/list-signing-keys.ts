import { demandAdmin, judgeSigningKeys, type Caller, type JudgedSigningKey } from '@claviger/domain';
import type { Ports } from '../ports.js';

/** All keys in the order in which they sign, each with what it is good for; none of them in clear. @throws user_not_allowed */
export const listSigningKeys =
  ({ signingKeys, clock }: Pick<Ports, 'signingKeys' | 'clock'>) =>
  async (caller: Caller): Promise<readonly JudgedSigningKey[]> => {
    demandAdmin(caller);
    return judgeSigningKeys(await signingKeys.list(), clock.now());
  };
