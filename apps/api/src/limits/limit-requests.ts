import { PlatformError, type RequestLimit } from '@claviger/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { addressOf } from '../caller/caller-address.js';
import type { Service } from '../service.js';
import { allowanceHeaders } from './rate-limit-headers.js';

/** Counts a request of a caller who is known by now. @throws too_many_requests */
export type LimitRequests = (request: FastifyRequest, reply: FastifyReply) => Promise<void> | void;

/** @param window how long requests are counted together, in milliseconds */
export function limitRequests(service: Service, window: number): LimitRequests {
  const take = async (requests: RequestLimit, request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const allowance = await requests.take(nameOf(request));
    reply.headers(allowanceHeaders(allowance, window));
    if (!allowance.granted) throw new PlatformError('too_many_requests', { retryAfter: seconds(allowance.resetIn) });
  };
  return (request, reply) => {
    const { requests } = service;
    return requests ? take(requests, request, reply) : undefined;
  };
}

/** A platform's account is one caller, however many users it acts for. */
function nameOf(request: FastifyRequest): string {
  const { caller } = request;
  const account = caller && 'account' in caller ? caller.account : null;
  if (account) return `account:${account.appId}`;
  return caller?.kind === 'user' ? `user:${caller.userId}` : `address:${addressOf(request)}`;
}

function seconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000));
}
