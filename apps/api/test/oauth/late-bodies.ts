import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';

export interface LatePost {
  /** Sends the body and waits for the answer. */
  finish(): Promise<{ readonly status: number; readonly body: Record<string, unknown> }>;
}

/** A form whose headers the server has, and says so, while its body is still here. */
export async function latePost(url: URL, form: Readonly<Record<string, string>>): Promise<LatePost> {
  const body = new URLSearchParams(form).toString();
  const sent: ClientRequest = request(url, {
    method: 'POST',
    agent: false,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': Buffer.byteLength(body),
      // Node answers it in the very moment in which it hands the request over.
      expect: '100-continue',
    },
  });
  sent.flushHeaders();
  await once(sent, 'continue');
  return {
    finish: async () => {
      sent.end(body);
      const [answer] = (await once(sent, 'response')) as [IncomingMessage];
      return { status: answer.statusCode ?? NaN, body: (await json(answer)) as Record<string, unknown> };
    },
  };
}
