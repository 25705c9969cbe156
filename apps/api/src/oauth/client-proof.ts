import { PlatformError } from '@claviger/domain';
import { originOf } from '../caller/caller-address.js';
import { noteRefusal } from '../errors/note-refusal.js';
import type { Service } from '../service.js';
import { presentArrival } from './arrival.js';
import type { InItsWords } from './oauth-error.js';

/** Where clients say who they are, in the library's words. */
export const FOR_CLIENTS: readonly string[] = ['token', 'introspection', 'revocation'];

export type ProveClient = (appId: string, secret: string) => Promise<boolean>;

/** Whether the client of the present request is who it says. Failures are counted and told like everybody's. */
export function proveClient(service: Service, say: InItsWords): ProveClient {
  return async (appId, secret) => {
    const arrival = presentArrival();
    if (!arrival) throw new Error('A client proves itself by a request.');
    const { request } = arrival;
    try {
      await service.platform.authenticateClient({ appId, secret }, originOf(request));
      return true;
    } catch (error) {
      noteRefusal(error, request, service);
      if (error instanceof PlatformError && error.kind === 'unauthenticated') return false;
      throw say(error);
    }
  };
}
