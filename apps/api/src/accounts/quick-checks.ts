import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '@claviger/composition';
import { andThen, type Awaitable, type Caller } from '@claviger/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { originOf, remoteAddress } from '../caller/caller-address.js';
import { readClaim, type Presented } from '../caller/read-claim.js';
import { sessionCookie } from '../caller/session-cookie.js';
import { ANSWER_HEADERS, answerText, JSON_TYPE } from '../envelope.js';
import type { Ahead } from '../http-server.js';
import { parseJson } from '../json-body.js';
import type { Log } from '../log.js';
import type { Metrics } from '../metrics.js';
import { demandBounds } from '../request-bounds.js';
import type { Service } from '../service.js';
import { traceIdOf } from '../trace-id.js';
import { readKeyToCheck } from './key-to-check.js';
import { CHECK_OF_BODY, CHECK_ROUTES } from './serve-checks.js';

export interface QuickChecksDeps {
  readonly service: Service;
  readonly config: Pick<Config, 'http.publicUrl' | 'http.trustProxy'>;
  readonly log: Log;
  /** Null: nobody counts. */
  readonly metrics: Pick<Metrics, 'count'> | null;
}

export interface QuickChecks {
  readonly serve: Ahead;
  /** A hook for the routes to which it hands over: what was refused on the quick way is refused there, as it was. */
  readonly refuseAgain: (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void;
}

/** What a request had come to when it was refused. */
interface Refused {
  readonly error: Error;
  readonly traceId: string;
  readonly presented: Presented | null;
  readonly caller: Caller | null;
}

/** Bytes; longer bodies take the ordinary way. */
const SHORT = 1024;
const JSON_TYPES: ReadonlySet<string | undefined> = new Set(['application/json', JSON_TYPE]);
/** What a success is counted as, by its URL. */
const ROUTES = new Map(
  CHECK_ROUTES.filter(({ name }) => name === 'check').map(({ path }) => [`/${path}`, { config: {}, url: `/${path}` }]),
);

/**
 * Answers checks before Fastify has so much as made an object of the request: the same steps in the same order, by the
 * same functions. It knows the usual form of a request alone, and of answers the success: every other takes the ordinary way.
 */
export function quickChecks({ service, config, log, metrics }: QuickChecksDeps): QuickChecks {
  const refusals = new WeakMap<IncomingMessage, Refused>();
  const cookie = sessionCookie(config['http.publicUrl']).name;
  const ip = remoteAddress(config);
  // Whoever wants a line of each check has it written where lines are written.
  const isWatched = log.isLevelEnabled('debug');

  const serve: Ahead = (request, response, ordinary) => {
    const route = ROUTES.get(request.url ?? '');
    if (!route || isWatched || !isUsual(request)) return ordinary();
    const began = performance.now();
    const traceId = traceIdOf(request);
    let presented: Presented | null = null;
    let caller: Caller | null = null;
    const refuse = (error: unknown): void => {
      refusals.set(request, { error: error as Error, traceId, presented, caller });
      ordinary();
    };
    const proceed = (known: Caller): void => {
      caller = known;
      whenRead(request, (body) =>
        attempt(refuse, () =>
          andThen(service.platform.atOnce.checkCredential(known, readKeyToCheck(parseJson(body))), (checked) => {
            answer(response, answerText(traceId, CHECK_OF_BODY.answer(checked)));
            metrics?.count(route, { method: 'POST', status: 200, milliseconds: performance.now() - began });
          }),
        ),
      );
    };
    attempt(refuse, () => {
      demandBounds(request);
      const claim = readClaim(request, cookie);
      presented = claim;
      const { platform, requests } = service;
      if (requests || (claim.scheme !== 'platform' && claim.scheme !== 'token')) return ordinary();
      return andThen(platform.atOnce.authenticate(claim, originOf({ ip: ip(request), id: traceId })), proceed);
    });
  };

  return {
    serve,
    refuseAgain: (request, _reply, done) => {
      const refused = refusals.get(request.raw);
      if (!refused) return done();
      const { error, traceId: id, presented, caller } = refused;
      Object.assign(request, { id, presented, caller });
      done(error);
    },
  };
}

/** A short body of JSON, and somebody who says who they are. */
function isUsual({ method, headers }: IncomingMessage): boolean {
  const length = Number(headers['content-length']);
  return (
    method === 'POST' &&
    headers.authorization !== undefined &&
    JSON_TYPES.has(headers['content-type']) &&
    length > 0 &&
    length <= SHORT
  );
}

/** What throws at once and what rejects are told alike. */
function attempt(refuse: (error: unknown) => void, verb: () => Awaitable<void>): void {
  try {
    const done = verb();
    if (done instanceof Promise) done.catch(refuse);
  } catch (error) {
    refuse(error);
  }
}

/** A caller who goes away before all of it has come is not missed. */
function whenRead(request: IncomingMessage, then: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => then(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
}

/** @param text in ASCII */
function answer(response: ServerResponse, text: string): void {
  // A list is written as it stands; of an object Node would first make one.
  response.writeHead(200, [...HEADERS, 'content-length', String(text.length)]).end(text, 'latin1');
}

const HEADERS = Object.entries({ ...ANSWER_HEADERS, 'content-type': JSON_TYPE }).flat();
