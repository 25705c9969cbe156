/**
 * Tells the bench what to ask this server, in one line of JSON.
 * @param {{ name: string, path: string, headers: Record<string, string>, body: string, expected: string }[]} loads what
 *   is posted, and a pattern of its answer
 */
export function say(...loads) {
  process.stderr.write(`loads ${JSON.stringify(loads)}\n`);
}

export const port = Number(process.env['BENCH_PORT']);

/** @param {string} name @param {string} secret */
export function basic(name, secret) {
  return { authorization: `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}` };
}

export const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
