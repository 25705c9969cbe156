import type { KeyToCheck } from '@claviger/application';
import { fieldInvalid, PlatformError } from '@claviger/domain';

/** The body of a check, read by hand: a validator would cost more than the check itself. */
export function readKeyToCheck(body: unknown): KeyToCheck {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new PlatformError('request_malformed');
  const given = body as Readonly<Record<string, unknown>>;
  return {
    accessKey: required(given, 'accessKey'),
    secretKey: required(given, 'secretKey'),
    appId: optional(given, 'appId'),
    type: optional(given, 'type'),
  };
}

function required(given: Readonly<Record<string, unknown>>, field: string): string {
  const text = optional(given, field);
  if (text === null) throw fieldInvalid(field, 'required');
  return text;
}

function optional(given: Readonly<Record<string, unknown>>, field: string): string | null {
  const text = given[field] ?? null;
  if (text !== null && typeof text !== 'string') throw fieldInvalid(field, 'not_text');
  return text;
}
