import { text } from './page.js';

/** An answer of the API that is not a success, or none at all: then its status is 0. */
export class Refused extends Error {
  /**
   * @param {number} status
   * @param {string} message for people, in the language of the page
   */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * Calls the API as the user whose session this browser has.
 * @template Data what the caller knows the answer to be
 * @param {'GET' | 'POST' | 'PUT' | 'DELETE'} method
 * @param {string} path from where the page stands, so that it works behind whatever path a proxy puts before both
 * @param {object} [body] sent as JSON
 * @returns {Promise<Data>} the data of its answer
 * @throws {Refused}
 */
export async function call(method, path, body) {
  const answer = await fetch(path, {
    method,
    headers: {
      'Accept-Language': document.documentElement.lang,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    body: body === undefined ? null : JSON.stringify(body),
    cache: 'no-store',
    credentials: 'same-origin',
  }).catch(() => null);
  if (!answer) throw new Refused(0, text('unreachable'));
  /** @type {{ code: number, message: string, data: Data, traceId: string } | null} */
  const envelope = await answer.json().catch(() => null);
  if (answer.ok && envelope) return envelope.data;
  throw new Refused(answer.status, reasonOf(answer, envelope));
}

/**
 * @param {Response} answer
 * @param {{ message: string, traceId: string } | null} envelope
 */
function reasonOf(answer, envelope) {
  if (answer.status === 429) return text('tooMany', { seconds: answer.headers.get('Retry-After') ?? '60' });
  if (!envelope) return text('unreachable');
  return answer.status < 500 ? envelope.message : text('failed', { traceId: envelope.traceId });
}
