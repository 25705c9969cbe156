import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { FastifyInstance } from 'fastify';

const ASSETS = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
} as const;

const START = `SwaggerUIBundle({ url: 'openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: null });
`;

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Claviger</title>
    <link rel="icon" href="docs/favicon-32x32.png" />
    <link rel="stylesheet" href="docs/swagger-ui.css" />
  </head>
  <body>
    <div id="docs"></div>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`;

/** Nothing from elsewhere, nothing inline, in no frame. Pictures in style sheets are data. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The API's description for programs at /openapi.json and for people at /docs; all of it comes from here. */
export function serveDocs(server: FastifyInstance, openApi: string): void {
  const page = { 'content-security-policy': POLICY, 'referrer-policy': 'no-referrer', 'x-frame-options': 'DENY' };
  serve(server, '/openapi.json', 'application/json; charset=utf-8', () => openApi);
  serve(server, '/docs', 'text/html; charset=utf-8', () => PAGE, page);
  serve(server, '/docs/start.js', 'text/javascript; charset=utf-8', () => START);
  for (const [name, type] of Object.entries(ASSETS)) {
    let content: Buffer | null = null;
    serve(server, `/docs/${name}`, type, () => (content ??= asset(name)));
  }
}

function serve(
  server: FastifyInstance,
  url: string,
  type: string,
  content: () => string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): void {
  server.get(url, { config: { access: 'open', quiet: true } }, (_request, reply) =>
    reply
      .headers({ ...headers, 'cache-control': 'no-cache' })
      .type(type)
      .send(content()),
  );
}

function asset(name: string): Buffer {
  return readFileSync(createRequire(import.meta.url).resolve(`swagger-ui-dist/${name}`));
}
