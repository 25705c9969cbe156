import { randomInt } from 'node:crypto';
import { BASE62 } from '@claviger/domain';

/** Every character equally likely, from the system's secure source. */
export function randomText(length: number): string {
  return Array.from({ length }, () => BASE62.charAt(randomInt(BASE62.length))).join('');
}
