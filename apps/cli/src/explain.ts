import { ConfigError, DatabaseRefused, withoutSecrets } from '@claviger/composition';
import { messageOf, PlatformError } from '@claviger/domain';
import { EXIT_CODES, INTERRUPTED } from './exit-codes.js';
import { Interrupted, UsageError } from './usage-error.js';

/** What an operator typed for a field of the domain. */
const TYPED: Readonly<Record<string, string>> = {
  authorizationGrantTypes: '--grant',
  grantType: '--grant',
  scope: '--scope',
  homepageUrl: '--homepage-url',
  redirectUri: '--redirect-uri',
  avatarUrl: '--avatar-url',
  description: '--description',
  owner: '--owner',
  type: '--type',
  name: '--name',
  expiresAt: '--expires-at',
  overlap: '--overlap',
  retire: '--retire',
  expiringWithin: '--expiring-within',
  unusedSince: '--unused-since',
  events: '--event',
  status: '--status',
  byUser: '--user',
  byApp: '--app',
  subject: '--subject',
  address: '--address',
  traceId: '--trace-id',
  since: '--since',
  until: '--until',
  q: '--search',
  limit: '--limit',
  cursor: '--cursor',
  password: 'The password',
};

/** An error in the words of whoever typed the command, and in the number that scripts look at. */
export function explain(error: unknown): { exitCode: number; message: string } {
  if (error instanceof UsageError) return said(EXIT_CODES.invalid, error.message);
  if (error instanceof Interrupted) return { exitCode: INTERRUPTED, message: 'Interrupted: nothing was changed.' };
  if (error instanceof ConfigError) return said(EXIT_CODES.invalid, error.message);
  if (error instanceof DatabaseRefused) return said(EXIT_CODES.unavailable, error.message);
  if (error instanceof PlatformError) return said(EXIT_CODES[error.kind], messageOf(asTyped(error), 'en'));
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return said(EXIT_CODES.fault, `this is a bug in claviger. ${withoutSecrets(cause)}`);
}

function said(exitCode: number, message: string): { exitCode: number; message: string } {
  return { exitCode, message: `error: ${message}` };
}

function asTyped(error: PlatformError): PlatformError {
  const field = TYPED[String(error.details['field'])];
  return field === undefined ? error : new PlatformError(error.code, { ...error.details, field });
}
