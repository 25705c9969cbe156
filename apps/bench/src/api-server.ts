import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, startServer, type ServerProcess } from './server-process.js';

/** A SQLite file in that folder. */
export function databaseIn(folder: string): string {
  return `sqlite:${join(folder, 'claviger.db')}`;
}

/** The API as it is in production, metrics and all. @param folder where its generated keys lie */
export async function startApi(folder: string, database = databaseIn(folder), workers = 1): Promise<ServerProcess> {
  const port = await freePort();
  return startServer(fileURLToPath(import.meta.resolve('../../api/dist/main.js')), {
    port,
    path: '/health/ready',
    env: {
      CLAVIGER_HTTP_PORT: String(port),
      CLAVIGER_HTTP_METRICS_PORT: '0',
      CLAVIGER_HTTP_WORKERS: String(workers),
      CLAVIGER_DATABASE_URL: database,
      CLAVIGER_KEYS_DIR: folder,
    },
  });
}

export async function startWorker(folder: string): Promise<ServerProcess> {
  const port = await freePort();
  return startServer(fileURLToPath(import.meta.resolve('../../worker/dist/main.js')), {
    port,
    path: '/health/ready',
    env: {
      CLAVIGER_WORKER_HTTP_PORT: String(port),
      CLAVIGER_DATABASE_URL: databaseIn(folder),
      CLAVIGER_KEYS_DIR: folder,
    },
  });
}

export interface FirstSecrets {
  readonly password: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

/** The first start shows its secrets once, on stderr. */
export async function firstSecrets(api: ServerProcess): Promise<FirstSecrets> {
  const [, password, accessKey, secretKey] = await api.says(/password\s+(\S+)\s[^]*(cak_\w{30})\s[^]*(csk_\w{49})\s/);
  if (!password || !accessKey || !secretKey) throw new Error('the API showed no secrets at its first start');
  return { password, accessKey, secretKey };
}

export const JSON_TYPE = { 'content-type': 'application/json' };
export const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };

export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
