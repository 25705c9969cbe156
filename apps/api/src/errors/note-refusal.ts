import { PlatformError } from '@claviger/domain';
import type { FastifyRequest } from 'fastify';
import { originOf } from '../caller/caller-address.js';
import type { Service } from '../service.js';
import { BareRefusal } from './bare-refusal.js';

/** Counts what the audit will tell of refusals. Nothing that happens here changes an answer. */
export function noteRefusal(error: unknown, request: FastifyRequest, service: Service): void {
  const refused = error instanceof BareRefusal ? new PlatformError('caller_unknown') : error;
  if (!(refused instanceof PlatformError)) return;
  try {
    service.platform.noteRefusal({
      error: refused,
      attempt: attemptIn(request),
      caller: request.caller,
      presented: presentedIn(request),
      origin: originOf(request),
    });
  } catch {
    // While the database is waited for there is nothing to count with.
  }
}

/** The route's pattern and never its URL, which may hold a secret. */
function attemptIn({ method, routeOptions: { url } }: FastifyRequest): string {
  return url === undefined ? 'no route' : `${method} ${url}`;
}

/** Whom the request names as itself, be that true or not: an access key or a userId. */
function presentedIn({ presented, body, routeOptions }: FastifyRequest): string | null {
  if (presented?.scheme === 'platform') return presented.accessKey;
  if (presented?.scheme === 'password') return presented.userId;
  if (routeOptions.config.access !== 'login') return null;
  const named = typeof body === 'object' && body !== null && 'userId' in body ? body.userId : null;
  return typeof named === 'string' ? named : null;
}
