import { describe, expect, test } from '@jest/globals';
import { traceIdOf } from './trace-id.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';

describe('the trace id of a request', () => {
  test('is that of its traceparent', () => {
    expect(traceIdOf({ headers: { traceparent: `00-${TRACE}-${PARENT}-01` } })).toBe(TRACE);
  });

  test('is also read from later versions of the header, which may say more', () => {
    expect(traceIdOf({ headers: { traceparent: `cc-${TRACE}-${PARENT}-01-what-the-future-brings` } })).toBe(TRACE);
  });

  test.each([
    ['no header', undefined],
    ['an empty header', ''],
    ['the trace id of zeros', `00-${'0'.repeat(32)}-${PARENT}-01`],
    ['the parent id of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['the version that never will be', `ff-${TRACE}-${PARENT}-01`],
    ['capitals', `00-${TRACE.toUpperCase()}-${PARENT}-01`],
    ['a short trace id', `00-${TRACE.slice(1)}-${PARENT}-01`],
    ['no flags', `00-${TRACE}-${PARENT}`],
    ['two headers, joined by Node', `00-${TRACE}-${PARENT}-01, 00-${TRACE}-${PARENT}-01`],
  ])('is a new one for %s', (_what, traceparent) => {
    const [one, other] = [traceIdOf({ headers: { traceparent } }), traceIdOf({ headers: { traceparent } })];
    expect(one).toMatch(/^[0-9a-f]{32}$/);
    expect(one).not.toBe(TRACE);
    expect(one).not.toBe(other);
  });
});
