import { PlatformError } from '@claviger/domain';
import type { OpenPlatform } from '@claviger/composition';
import type { Service } from './service.js';

export interface ClosableService extends Service {
  /** What is still being opened holds nothing that would be lost. */
  close(): Promise<void>;
}

/** The service while its database is waited for, and from then on: the process is alive before it is ready. */
export function serviceInOpening(opening: Promise<OpenPlatform>): ClosableService {
  let opened: OpenPlatform | null = null;
  opening.then(
    (platform) => (opened = platform),
    // Told by who else waits for it.
    () => undefined,
  );
  const demandOpen = (): OpenPlatform => {
    if (!opened) throw new PlatformError('database_unavailable');
    return opened;
  };
  return {
    get platform() {
      return demandOpen().platform;
    },
    get requests() {
      return demandOpen().requests;
    },
    get oauthCookieKey() {
      return demandOpen().oauthCookieKey;
    },
    ping: async () => demandOpen().ping(),
    close: async () => opened?.close(),
  };
}
