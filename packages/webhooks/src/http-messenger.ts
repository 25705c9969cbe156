import { lookup as systemLookup } from 'node:dns';
import { request as httpRequest, type ClientRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Messenger, OutgoingMessage, Outcome } from '@claviger/domain';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';
import { failed, failureOf, outcomeOf } from './outcomes.js';
import { sharedLookup } from './shared-lookup.js';
import { signedHeaders } from './signed-headers.js';

export interface HttpMessengerOptions {
  /** For a whole attempt, from looking up the name to the end of the answer; milliseconds. */
  readonly timeout: number;
  /** Whether addresses that are not public may be reached: loopback, private, link-local and the like. */
  readonly allowPrivateAddresses: boolean;
  readonly userAgent: string;
  /** How addresses are found by name; the system's way unless given. */
  readonly lookup?: LookupFunction;
}

export interface HttpMessenger extends Messenger {
  /** Closes the connections that are kept, and breaks off what is under way. */
  close(): void;
}

/** Less than the 5 seconds after which many servers close, so that few are closed while we write. */
const IDLE_TIMEOUT = 4_000;
/** Per receiver, for messages that follow soon. How many are open at once is for the caller to say. */
const MOST_IDLE = 5;
/** Of several addresses of one name each gets so long: the 250 ms that node gives are too short across an ocean. */
const TIME_PER_ADDRESS = 2_000;
/** Of an answer's body so much is read to have the connection free again; none of it is kept. Bytes. */
const MOST_READ = 16_384;
/** Answers to machines in the cloud of Azure alone, though it looks public. */
const PUBLIC_AND_YET_NOT = ['168.63.129.16'];

/**
 * Signs and sends over HTTP and HTTPS. Addresses are checked when a connection is made, after the name was looked up:
 * no name leads to an address that is not allowed. Redirects are not followed, and no proxy is used.
 */
export function httpMessenger(options: HttpMessengerOptions): HttpMessenger {
  const { timeout, allowPrivateAddresses, userAgent, lookup = systemLookup } = options;
  const rules = {
    keepAlive: true,
    maxFreeSockets: MOST_IDLE,
    timeout: IDLE_TIMEOUT,
    autoSelectFamilyAttemptTimeout: TIME_PER_ADDRESS,
    lookup: sharedLookup(lookup),
    allowPrivateIPAddress: allowPrivateAddresses,
    denyIPAddressList: allowPrivateAddresses ? [] : PUBLIC_AND_YET_NOT,
  };
  const http = new RequestFilteringHttpAgent(rules);
  // Whatever the environment says: nobody else is to read what is sent.
  const https = new RequestFilteringHttpsAgent({ ...rules, rejectUnauthorized: true });

  const begin = (message: OutgoingMessage, body: Buffer): ClientRequest => {
    const given = {
      method: 'POST',
      headers: {
        ...signedHeaders(message),
        'content-type': 'application/json',
        'content-length': body.length,
        'user-agent': userAgent,
      },
    };
    const url = new URL(message.url);
    if (url.protocol === 'https:') return httpsRequest(url, { ...given, agent: https });
    return httpRequest(url, { ...given, agent: http });
  };

  let isClosed = false;
  return {
    send: async (message) => {
      const body = Buffer.from(message.body, 'utf8');
      const deadline = performance.now() + timeout;
      try {
        for (;;) {
          const request = begin(message, body);
          const outcome = await outcomeOfRequest(request.end(body), message.at, deadline - performance.now());
          if (outcome) return outcome;
          if (isClosed) return failed('connection broken');
        }
      } catch {
        return failed('not sent');
      }
    },
    close: () => {
      isClosed = true;
      http.destroy();
      https.destroy();
    },
  };
}

/**
 * How a request ended, at the latest when its time is over. Null: the receiver closed a connection that was kept from
 * before just when we wrote to it; that is no answer, and on another connection there will be one.
 */
function outcomeOfRequest(request: ClientRequest, now: number, timeLeft: number): Promise<Outcome | null> {
  return new Promise((resolve) => {
    let answered: Outcome | undefined;
    let broken: Outcome | null = failed('connection broken');
    const end = (outcome: Outcome | null) => {
      clearTimeout(timer);
      resolve(answered ?? outcome);
    };
    const timer = setTimeout(() => {
      end(failed('timeout'));
      request.destroy();
    }, timeLeft);

    request.on('response', (response) => {
      answered = outcomeOf(response, now);
      let read = 0;
      response.on('data', (chunk: Buffer) => {
        read += chunk.length;
        if (read > MOST_READ) request.destroy();
      });
    });
    request.on('error', (error: Error & { code?: string }) => {
      const isStale = request.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(error.code ?? '');
      broken = isStale ? null : failureOf(error, request.protocol);
    });
    request.on('close', () => end(broken));
  });
}
