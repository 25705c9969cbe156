import { signingKeyJson } from '@claviger/application';
import { OPERATOR, type JudgedSigningKey } from '@claviger/domain';
import { confirm } from '../ask.js';
import type { Session } from '../session.js';
import { signingKeysTable } from '../tables.js';

export interface RotateOptions {
  readonly now?: boolean;
}

export async function listSigningKeys(session: Session): Promise<void> {
  const platform = await session.platform();
  await printKeys(session, await platform.listSigningKeys(OPERATOR));
}

export async function rotateSigningKey(session: Session, { now = false }: RotateOptions): Promise<void> {
  const platform = await session.platform();
  if (now) await confirm(session, 'Withdraw all signing keys at once? Every ID token that was signed will be refused.');
  const { made, keys } = await platform.replaceSigningKey(OPERATOR, { atOnce: now });
  await printKeys(session, keys);
  if (!made) session.tell('The next key waits already: none was made. To have a new one sign at once: --now');
  if (now) session.tell('API processes that run know the new key within a minute.');
}

async function printKeys(session: Session, keys: readonly JudgedSigningKey[]): Promise<void> {
  const found = keys.map(signingKeyJson);
  await session.print(found, () => {
    if (found.length > 0) return signingKeysTable(found);
    session.tell('There are no signing keys yet: the first request to the authorization server makes one.');
    return '';
  });
}
