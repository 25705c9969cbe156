import { readFile, writeFile } from 'node:fs/promises';
import { configWith } from '@claviger/composition';
import { pino } from 'pino';
import { createApp } from '../create-app.js';
import { openApiDocument } from './document.js';

// Run by the build: the document is a file beside the program, and a server that starts has nothing to work out.

/** Stands in for what the API stands on: nothing is called while the routes are walked. */
const nobody = {
  get platform(): never {
    throw new Error('Nothing is served while the document is written.');
  },
  requests: null,
  oauthCookieKey: '',
  ping: async () => undefined,
};

const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const { app } = await createApp({
  service: nobody,
  config: configWith(),
  log: pino({ level: 'silent' }),
  openApi: '{}',
});
await writeFile(new URL('../../dist/openapi.json', import.meta.url), JSON.stringify(openApiDocument(app, version)));
await app.close();
