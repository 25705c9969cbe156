import { once } from 'node:events';
import { request, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

interface FromAddress {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

type Headers = Readonly<Record<string, string>>;

/** A GET from one of this machine's own addresses: every 127.x.y.z is one. */
export function getFrom(localAddress: string, url: string, headers: Headers): Promise<FromAddress> {
  return answerTo(request(url, { localAddress, headers, agent: false }));
}

/** A form from there. */
export function postFrom(localAddress: string, url: string, form: Headers): Promise<FromAddress> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const sent = request(url, { method: 'POST', localAddress, headers, agent: false });
  return answerTo(sent, new URLSearchParams(form).toString());
}

async function answerTo(sent: ClientRequest, body = ''): Promise<FromAddress> {
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: answer.statusCode ?? NaN, headers: answer.headers, text: await text(answer) };
}
