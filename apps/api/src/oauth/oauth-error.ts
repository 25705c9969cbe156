import { PlatformError, type ErrorKind } from '@claviger/domain';
import type { FastifyReply } from 'fastify';
import type { Adapter, errors } from 'oidc-provider';
import { refuse } from '../errors/refuse.js';
import { failureHeaders, type FailureConfig } from '../limits/rate-limit-headers.js';
import { ERROR_PAGE_HEADERS, type errorPage } from '../pages/error-page.js';
import { presentArrival, type Arrival } from './arrival.js';

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

/**
 * Says it without the library: in its form, or to a browser in our page.
 * @throws the error itself, when it is one that only the library could know
 */
export function sayAway(error: unknown, { request, reply }: Arrival, page: ErrorPage | null): FastifyReply {
  const word = error instanceof PlatformError ? WORDS[error.kind] : undefined;
  if (word === undefined || reply.sent) throw error;
  const { status, headers, body } = refuse(error, 'en', request.id);
  reply.code(status).headers(headers);
  if (page === null) return reply.send({ error: word, error_description: body.message });
  return reply.headers(ERROR_PAGE_HEADERS).type('text/html; charset=utf-8').send(page(request.headers, word));
}

type ErrorPage = ReturnType<typeof errorPage>;

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
