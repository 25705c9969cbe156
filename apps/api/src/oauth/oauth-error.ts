import { PlatformError, type ErrorKind } from '@claviger/domain';
import type { Adapter, errors } from 'oidc-provider';
import { refuse } from '../errors/refuse.js';
import { failureHeaders, type FailureConfig } from '../limits/rate-limit-headers.js';
import { presentArrival } from './arrival.js';

/** What is no business of the protocol's and yet nobody's fault; only the second one is a word of its own. */
const WORDS: Partial<Record<ErrorKind, string>> = {
  limited: 'too_many_requests',
  unavailable: 'temporarily_unavailable',
};

/** An error as the library can tell it, where we know it; otherwise as it is, which is a fault. */
export type InItsWords = (error: unknown) => unknown;

/** @param config what is said to whoever failed too often */
export function inItsWords(
  config: FailureConfig,
  { CustomOIDCProviderError }: Pick<typeof errors, 'CustomOIDCProviderError'>,
): InItsWords {
  return (error) => {
    const arrival = presentArrival();
    const word = error instanceof PlatformError ? WORDS[error.kind] : undefined;
    if (!(error instanceof PlatformError) || word === undefined || !arrival) return error;
    const { status, headers, body } = refuse(error, 'en', arrival.request.id);
    const limits = error.kind === 'limited' ? failureHeaders(config, Number(error.details['retryAfter'])) : {};
    for (const [name, value] of Object.entries({ ...limits, ...headers })) arrival.reply.raw.setHeader(name, value);
    return Object.assign(new CustomOIDCProviderError(word, body.message ?? ''), { status, statusCode: status });
  };
}

/** The same storage; what it throws is said so. */
export function saying(adapter: Adapter, say: InItsWords): Adapter {
  const said = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw say(error);
    }
  };
  return {
    upsert: (...given) => said(() => adapter.upsert(...given)),
    find: (id) => said(() => adapter.find(id)),
    findByUid: (uid) => said(() => adapter.findByUid(uid)),
    findByUserCode: (code) => said(() => adapter.findByUserCode(code)),
    consume: (id) => said(() => adapter.consume(id)),
    destroy: (id) => said(() => adapter.destroy(id)),
    revokeByGrantId: (grantId) => said(() => adapter.revokeByGrantId(grantId)),
  };
}
