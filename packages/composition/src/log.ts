import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import type { Config } from './config-keys.js';
import { withoutSecrets } from './without-secrets.js';

export type Log = Logger;

/** Fields that hold secrets, should anybody ever log a whole request, header or account. */
const SECRET_FIELDS = [
  'authorization',
  'cookie',
  'password',
  'passwordHash',
  'secretKey',
  'secret',
  'accessToken',
  'pepper',
];

/** JSON lines on stdout; on a terminal lines for people. @param name of the process, in every line */
export async function openLog(config: Config, name: string): Promise<Log> {
  return createLog(config['log.level'], name, process.stdout.isTTY ? await forPeople() : pino.destination(1));
}

export function createLog(level: Config['log.level'], name: string, destination: DestinationStream): Log {
  return pino(
    {
      level,
      base: { name },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: '*****' },
      hooks: { streamWrite: withoutSecrets },
    },
    destination,
  );
}

/** In this thread, so that nothing is lost when the process ends. */
async function forPeople(): Promise<DestinationStream> {
  const { default: pretty } = await import('pino-pretty');
  return pretty({ sync: true, translateTime: 'SYS:HH:MM:ss.l', ignore: 'name', messageFormat: '{name}: {msg}' });
}
