import type { KeyPair } from '@claviger/domain';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  readonly text: string;
  readonly body: { readonly code: number; readonly message: string; readonly data: unknown; readonly traceId: string };
}

export interface CallOptions {
  readonly as?: Readonly<Record<string, string | string[]>> | undefined;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** Sent as JSON, unless it is a text. */
  readonly body?: unknown;
}

export type Call = (method: string, url: string, options?: CallOptions) => Promise<Answer>;

/** The headers of a platform that calls for a user, or for nobody. */
export function platformHeaders(key: KeyPair, userId?: string): Record<string, string> {
  const authorization = `Platform ${Buffer.from(`${key.accessKey}:${key.secretKey}`).toString('base64')}`;
  return userId === undefined ? { authorization } : { authorization, 'x-bkrepo-uid': userId };
}
