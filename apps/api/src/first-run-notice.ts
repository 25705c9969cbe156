import type { FirstRun } from '@claviger/application';

/** What the first start tells whoever started it: once, in plain lines, and never to the log. */
export function firstRunNotice({ userId, password, keyPair }: FirstRun, address: string): string {
  const lines = ['', 'This is the first start. Keep what follows: it is not stored and not shown again.', ''];
  lines.push(`  user        ${userId}`, `  password    ${password}`);
  if (keyPair) lines.push(`  access key  ${keyPair.accessKey}`, `  secret key  ${keyPair.secretKey}`);
  lines.push('', 'Log in with a browser:', '', `  ${address}/login`);
  if (keyPair) {
    const pair = Buffer.from(`${keyPair.accessKey}:${keyPair.secretKey}`).toString('base64');
    lines.push('', 'Or call the API:', '');
    lines.push(
      `  curl -H 'Authorization: Platform ${pair}' -H 'X-BKREPO-UID: ${userId}' ${address}/auth/api/account/list`,
    );
  }
  return [...lines, '', ''].join('\n');
}

/** An address that reaches a server which listens there. @param host may stand for every address of the machine */
export function reachableAddress(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
