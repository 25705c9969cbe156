import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import { openApiDocument } from '../src/openapi/document.js';
import type { Answer } from './answer.js';
import { apiOverMemory, type ApiOverMemory } from './api-over-memory.js';
import { cookiesOf } from './application-token.js';
import { documentSchemas, type DocumentSchemas } from './document-schemas.js';
import { ANY_WAY, CALLS, NOT_ALLOWED, SENT } from './permission-calls.js';
import { COLUMNS, freshCast, type Cast, type Column } from './permission-cast.js';
import { readNeeds, readPermissions, type Row } from './permission-table.js';
import { startUpstream, type Upstream } from './upstream.js';

const ROWS = readPermissions();
/** In the words of the page: where nobody is looked at, and where all that is asked is who the user is. */
const EITHER = ['none is needed', '`openid`'];
const GATEWAY = '/ms/openapi/';
const USERS_AND_PLATFORMS = '/auth/api/';
const LINES = 'application/x-ndjson';

let upstream: Upstream;
let api: ApiOverMemory;
let document: OpenAPIObject;
let schemas: DocumentSchemas;

beforeAll(async () => {
  upstream = await startUpstream();
  api = await apiOverMemory({ 'gateway.upstreams.openapi': upstream.url });
  document = JSON.parse(JSON.stringify(openApiDocument(api.app, '1.0.0'))) as OpenAPIObject;
  schemas = documentSchemas(document);
});
afterAll(async () => {
  await api.app.close();
  await upstream.close();
});

const shapeOf = (path: string) => path.replaceAll(/\{\w+\}/g, '{}');

describe('docs/permissions.md', () => {
  test('has each call once, and tests know how to make it', () => {
    expect(ROWS.map(({ call }) => call)).toEqual(Object.keys(CALLS));
  });

  test('has the routes of the OpenAPI document, no more and no less', () => {
    const inDocument = Object.entries(document.paths).flatMap(([path, item]) =>
      ['get', 'post', 'put', 'patch', 'delete']
        .filter((method) => method in item)
        .map((method) => `${method.toUpperCase()} ${shapeOf(path)}`),
    );
    const inTable = new Set(ROWS.map(({ method, path }) => `${method} ${shapeOf(path)}`));
    expect([...inTable].toSorted()).toEqual(inDocument.toSorted());
  });
});

describe('what an application needs', () => {
  const routes = [...new Map(ROWS.map((row) => [`${row.method} ${row.path}`, row])).entries()];

  /** Whether it gets anywhere there: past who it is, and what it may ask for. */
  const opens = (route: string, column: Column): boolean =>
    ROWS.filter(({ method, path }) => `${method} ${path}` === route).some(
      ({ statuses }) => ![401, 403].includes(statuses[column]),
    );

  test.each(routes)('for %s is what the table of answers shows', (route, { path }) => {
    const { need } = readNeeds().find((one) => route === one.route || path.startsWith(one.route)) ?? {};
    const [one, other] = [opens(route, 'application with SYSTEM'), opens(route, 'application without SYSTEM')];
    const shown =
      one && other ? EITHER : one ? ['`SYSTEM`'] : other ? ['`PROJECT`, `REPO` and `NODE`'] : ['none will do'];
    expect(shown).toContain(need);
  });

  test.each(routes)('for %s is what the OpenAPI document says', (route, row) => {
    const { need = '' } = readNeeds().find((one) => route === one.route || row.path.startsWith(one.route)) ?? {};
    const security = operationAt(documentedPath(row), row)?.security ?? [];
    const scopes = security.flatMap((way) => way['application'] ?? []);
    expect(scopes).toEqual([...need.matchAll(/`(\w+)`/g)].map(([, scope]) => scope));
  });
});

describe.each(ROWS)('who $call', (row) => {
  test.each(COLUMNS.map((column) => [column, row.statuses[column]] as const))('%s: %d', async (column, status) => {
    const { by = ANY_WAY } = CALLS[row.call] ?? {};
    let cast = await castFor(row, column);
    for (const [at, [way]] of cast.headersOf(by).entries()) {
      // A database of its own for each way to come, for most calls change it.
      if (at > 0) cast = await castFor(row, column);
      const answer = await ask(row, cast, at);
      expect({ way, status: answer.status }).toEqual({ way, status });
      if (!row.path.startsWith(GATEWAY) || status >= 400) expect(misfits(row, column, answer)).toEqual([]);
    }
  });
});

function castFor({ call }: Row, column: Column): Promise<Cast> {
  const { grants = ['AUTHORIZATION_CODE'], locked = false, rotated = false } = CALLS[call] ?? {};
  return freshCast(api, column, { grants, locked, rotated });
}

/** @param way which of the ways in which the column's caller may come */
async function ask(row: Row, cast: Cast, way: number): Promise<Answer> {
  const { parts = () => ({}), query = '', body, form, asked, by = ANY_WAY } = CALLS[row.call] ?? {};
  const things: Readonly<Record<string, string | undefined>> = { ...cast.things, ...parts(cast) };
  const url = row.path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => things[name] ?? '') + query;
  const [, proof = {}] = cast.headersOf(by)[way] ?? [];
  const as = asked ? await beingAsked(proof) : proof;
  const shown = asked && body ? { id: await questionTo(as) } : {};
  if (!form)
    return api.call(row.method, url, { as, ...(body ? { body: { ...shown, ...Object(body(cast.things)) } } : {}) });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return api.call(row.method, url, { as, headers, body: new URLSearchParams(form(cast.things)).toString() });
}

/** The same proof, from a browser that an application has sent here. */
async function beingAsked(proof: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const kept = await cookiesOf(api, `/oauth/auth${SENT}`);
  return { ...proof, cookie: [...(proof['cookie'] ? [proof['cookie']] : []), ...kept].join('; ') };
}

/** The name of what is asked, if the caller may know it. */
async function questionTo(as: Readonly<Record<string, string>>): Promise<string> {
  const { body } = await api.call('GET', '/consent/request', { as });
  return (body.data as { id: string } | null)?.id ?? 'none';
}

/** Whatever of an answer is not as the OpenAPI document tells it. */
function misfits(row: Row, column: Column, answer: Answer): unknown[] {
  const { status } = answer;
  const path = documentedPath(row);
  const place = { method: row.method, path, status };
  if (answer.headers['content-type'] === LINES) {
    const lines = answer.text.trimEnd().split('\n');
    return lines.flatMap((line) => schemas.errorsOf({ ...place, body: JSON.parse(line), type: LINES }));
  }
  if (status === 303) return operationAt(path, row)?.responses[status] ? [] : ['No such redirection is told.'];
  const type = String(answer.headers['content-type']).split(';')[0] ?? '';
  if (type.startsWith('text/')) return schemas.errorsOf({ ...place, body: answer.text, type });
  const { body } = answer;
  const errors = schemas.errorsOf({ ...place, body, type });
  const isEnvelope = 'code' in body;
  const codes = status < 400 ? [0] : codesOf(row, path, status, column);
  return !isEnvelope || codes.includes(body.code) ? errors : [...errors, { code: body.code, instead: codes }];
}

function documentedPath({ path }: Row): string {
  return Object.keys(document.paths).find((one) => shapeOf(one) === shapeOf(path)) ?? '';
}

function operationAt(path: string, { method }: Row) {
  return document.paths[path]?.[method.toLowerCase() as 'get'];
}

function codesOf(row: Row, path: string, status: number, column: Column): number[] {
  if (status === 403 && path.startsWith(USERS_AND_PLATFORMS)) {
    if (column.endsWith('without SYSTEM')) return [250237];
    // Of an admin: it is not the user who may not.
    if (column === 'application with SYSTEM') return [NOT_ALLOWED];
    return [CALLS[row.call]?.forbidden ?? 250236];
  }
  const response = operationAt(path, row)?.responses[status];
  const examples = response && 'content' in response ? response.content?.['application/json']?.examples : {};
  return Object.values(examples ?? {}).flatMap((example) =>
    'value' in example ? [(example.value as { code: number }).code] : [],
  );
}
