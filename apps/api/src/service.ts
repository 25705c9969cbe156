import type { Platform } from '@claviger/application';
import type { RequestLimit } from '@claviger/domain';

/** What the API stands on. While it is being opened, `platform` throws database_unavailable and `ping` rejects. */
export interface Service {
  readonly platform: Platform;
  /** Null: callers may ask for as much as they like. */
  readonly requests: RequestLimit | null;
  /** Under which the authorization server signs its cookies. */
  readonly oauthCookieKey: string;
  /** Resolves when the database is there and its schema up to date. */
  readonly ping: () => Promise<void>;
}

/** The token under which Nest hands it to controllers. */
export const SERVICE = Symbol('service');
