import type { KeyPair } from '@claviger/domain';
import * as fc from 'fast-check';
import { platformHeaders } from '../answer.js';
import { anyWord, sometimes, type Texts } from './any-text.js';

const NAMES = [
  'Accept-Language',
  'Prefer',
  'traceparent',
  'Accept',
  'X-Forwarded-For',
  'Content-Encoding',
  'Expect',
  'Upgrade',
  'Cookie',
  'Host',
  'If-None-Match',
  'Range',
  'Connection',
];

/** Host, authentication, user and type of the content, mostly right, and now and then some others. */
export function anyHeaders(system: KeyPair): Texts {
  const right = platformHeaders(system)['authorization'] ?? '';
  const line = (name: string) => (value: string) => `${name}: ${value}\r\n`;
  const twice = (text: string) => text + text;
  const [authorization, user] = [line('Authorization'), line('X-BKREPO-UID')];
  const badAuthorization = fc.oneof(
    fc.constantFrom('', ...['', 'Platform', 'Platform Og==', 'Basic YWRtaW46YWRtaW4=', `${right}x`].map(authorization)),
    fc.constant(twice(authorization(right))),
    anyWord().map(authorization),
    anyWord().map((word) => authorization(`Platform ${word}`)),
  );
  const badUser = fc.oneof(
    fc.constantFrom('', user('bob'), line('X-DEVOPS-UID')('bob'), twice(user('admin'))),
    anyWord().map(user),
    anyWord().map((word) => user('admin') + line('X-DEVOPS-UID')(word)),
  );
  const other = fc
    .tuple(fc.oneof(fc.constantFrom(...NAMES), anyWord()), anyWord())
    .map(([name, word]) => line(name)(word));
  return fc
    .tuple(
      sometimes(fc.constant(''), fc.constant(line('Host')('x'))),
      sometimes(badAuthorization, fc.constant(authorization(right))),
      sometimes(badUser, fc.constant(user('admin'))),
      sometimes(
        fc.array(other, { maxLength: 3 }).map((lines) => lines.join('')),
        fc.constant(''),
      ),
      sometimes(fc.oneof(fc.constant(''), anyType()), fc.constant('Content-Type: application/json\r\n')),
    )
    .map((lines) => lines.join(''));
}

function anyType(): Texts {
  return fc
    .oneof(
      fc.constantFrom('text/plain', 'multipart/form-data', 'application/x-www-form-urlencoded', '', 'x'),
      fc.constantFrom('application/json; charset=utf-16', 'APPLICATION/JSON ; x="', 'application/vnd.a+json'),
      fc.constantFrom('application/json\r\nContent-Type: application/json'),
    )
    .map((type) => `Content-Type: ${type}\r\n`);
}

/** The headers that say how much follows. */
type Framing = (content: Buffer) => string;

export function anyFraming(): fc.Arbitrary<Framing> {
  const length = (count: number | string) => `Content-Length: ${count}\r\n`;
  const right: Framing = (content) => (content.length > 0 ? length(content.length) : '');
  const wrong = fc.constantFrom<Framing>(
    (content) => length(content.length + 1),
    (content) => length(Math.max(0, content.length - 1)),
    (content) => length(content.length) + length(content.length),
    () => length(-1),
    () => length('99999999999999999999'),
    () => 'Transfer-Encoding: chunked\r\n',
    () => '',
  );
  return fc.oneof({ arbitrary: fc.constant(right), weight: 20 }, { arbitrary: wrong, weight: 1 });
}
