import { PlatformError } from '@claviger/domain';
import type { errors } from 'oidc-provider';
import { originOf } from '../caller/caller-address.js';
import { noteRefusal } from '../errors/note-refusal.js';
import { refuse } from '../errors/refuse.js';
import { failureHeaders, type FailureConfig } from '../limits/rate-limit-headers.js';
import type { Service } from '../service.js';
import { presentArrival } from './arrival.js';

/** Where clients say who they are, in the library's words. */
export const FOR_CLIENTS: readonly string[] = ['token', 'introspection', 'revocation'];

type Errors = Pick<typeof errors, 'CustomOIDCProviderError'>;

export type ProveClient = (appId: string, secret: string) => Promise<boolean>;

/**
 * Whether the client of the present request is who it says. Failures are counted and told like everybody's.
 * @param config what is said to whoever failed too often
 */
export function proveClient(service: Service, config: FailureConfig, { CustomOIDCProviderError }: Errors): ProveClient {
  return async (appId, secret) => {
    const arrival = presentArrival();
    if (!arrival) throw new Error('A client proves itself by a request.');
    const { request, reply } = arrival;
    try {
      await service.platform.authenticateClient({ appId, secret }, originOf(request));
      return true;
    } catch (error) {
      noteRefusal(error, request, service);
      if (!(error instanceof PlatformError)) throw error;
      if (error.kind === 'unauthenticated') return false;
      if (error.kind !== 'limited') throw error;
      const { status, headers, body } = refuse(error, 'en', request.id);
      const told = { ...failureHeaders(config, Number(error.details['retryAfter'])), ...headers };
      for (const [name, value] of Object.entries(told)) reply.raw.setHeader(name, value);
      // The protocol has no word of its own for it.
      throw Object.assign(new CustomOIDCProviderError(error.code, body.message ?? ''), { status, statusCode: status });
    }
  };
}
