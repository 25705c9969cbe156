import { PlatformError } from '@claviger/domain';
import type { FastifyRequest } from 'fastify';

/**
 * Browsers send a cookie along whoever asked for the request, but they also say who did: only we may. What is no
 * browser says neither, and holds no cookie that another site could use.
 * @param publicUrl where browsers reach the service; null: wherever this request came to
 * @throws not_allowed
 */
export function demandSameOrigin(request: FastifyRequest, publicUrl: string | null): void {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (site === undefined && origin === undefined) return;
  const same =
    site === undefined ? origin === ownOrigin(request, publicUrl) : site === 'same-origin' || site === 'none';
  if (!same) throw new PlatformError('not_allowed');
}

function ownOrigin({ protocol, host }: FastifyRequest, publicUrl: string | null): string {
  return publicUrl === null ? `${protocol}://${host}` : new URL(publicUrl).origin;
}
