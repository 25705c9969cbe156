import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MAX_DESCRIPTION_LENGTH, parseAccessKey, parseSecretKey } from '@claviger/domain';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Validator } from '@seriousme/openapi-schema-validator';
import { apiOverMemory, type ApiOverMemory } from './api-over-memory.js';
import { documentSchemas } from './document-schemas.js';
import { withRoutes, type ServedRoute } from './served-routes.js';
import type { OperationObject } from '../src/openapi/describe.js';
import { openApiDocument } from '../src/openapi/document.js';
import { EXAMPLE_KEY, SCHEMAS } from '../src/openapi/schemas.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
/** Whatever its parts are called, in OpenAPI or in Fastify. */
const shapeOf = (path: string): string => path.replaceAll(/\{\w+\}|:\w+|\*/g, '{}');

let api: ApiOverMemory;
let routes: readonly ServedRoute[];
let document: OpenAPIObject;
let operations: { path: string; method: string; operation: OperationObject }[];

beforeAll(async () => {
  [api, routes] = await withRoutes(() => apiOverMemory());
  document = JSON.parse(JSON.stringify(openApiDocument(api.app, '1.2.3'))) as OpenAPIObject;
  operations = Object.entries(document.paths).flatMap(([path, item]) =>
    (['get', 'post', 'put', 'delete'] as const).flatMap((method) => {
      const operation = item[method];
      return operation ? [{ path, method, operation }] : [];
    }),
  );
});
afterAll(() => api.app.close());

describe('the OpenAPI document', () => {
  test('is valid OpenAPI 3.1', async () => {
    expect(document.openapi).toBe('3.1.0');
    expect(
      await new Validator().validate(structuredClone(document) as unknown as Record<string, unknown>),
    ).toMatchObject({ valid: true });
  });

  test('has no two paths of one shape, which OpenAPI could not tell apart', () => {
    const shapes = Object.keys(document.paths).map(shapeOf);
    expect(new Set(shapes).size).toBe(shapes.length);
  });

  test('names every parameter of every path', () => {
    for (const { path, operation } of operations) {
      const named = (operation.parameters ?? []).flatMap((one) => ('in' in one && one.in === 'path' ? [one.name] : []));
      expect(named).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    }
  });

  test('tells every route once, for both prefixes', () => {
    const paths = Object.keys(document.paths);
    expect(paths.filter((path) => path.startsWith('/ms'))).toEqual(['/ms/openapi/api/apigw/{path}']);
    expect(document.servers?.map(({ url }) => url)).toEqual(['/', '/ms']);
    expect(operations.map(({ operation }) => operation.operationId)).toHaveLength(66);
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(66);
  });

  test('tells of every route that the server has, and of no other', async () => {
    const told = Object.entries(document.paths).flatMap(([path, item]) =>
      METHODS.filter((method) => method in item).flatMap((method) =>
        // A path that names its own server is served there alone.
        (item.servers ?? document.servers ?? []).map(
          ({ url }) => `${method.toUpperCase()} ${url.replace(/\/$/, '')}${shapeOf(path)}`,
        ),
      ),
    );
    const served = routes.map(({ method, url }) => `${method} ${shapeOf(url)}`);
    expect(told.filter((route) => !served.includes(route))).toEqual([]);
    const untold = routes.filter(({ method, url }) => !told.includes(`${method} ${shapeOf(url)}`));
    // What is not told is for people: a page, a part of one, or a way to one. And the document itself.
    for (const { method, url, access } of untold) {
      expect({ method, url, access }).toEqual({ method: 'GET', url, access: 'open' });
      const { status, headers } = await api.call('GET', url);
      const forPeople = status === 302 || /^(text|image)\//.test(String(headers['content-type']));
      expect({ url, forPeople }).toEqual({ url, forPeople: url !== '/openapi.json' });
    }
  });

  test('has an example for every answer, and each fits its schema', () => {
    const schemas = documentSchemas(document);
    for (const { path, method, operation } of operations) {
      for (const [status, response] of Object.entries(operation.responses)) {
        // Whatever the service behind the gateway answers.
        if (status === 'default') continue;
        // A redirection has nowhere to show an answer.
        if (status === '303' && response && 'headers' in response && response.headers?.['Location']) continue;
        if (!response || !('content' in response)) throw new Error(`${method} ${path} ${status} has no content.`);
        const [type, content] = Object.entries(response.content ?? {})[0] ?? ['', null];
        const examples = Object.values(content?.examples ?? {});
        expect(examples).not.toHaveLength(0);
        for (const example of examples) {
          const body = 'value' in example ? example.value : null;
          const errors = schemas.errorsOf({ method, path, status: Number(status), body, type });
          expect({ path, status, errors }).toEqual({ path, status, errors: [] });
        }
      }
    }
  });

  test('says the limits that the domain keeps', () => {
    expect(SCHEMAS.AccountStatement.properties.description).toMatchObject({ maxLength: MAX_DESCRIPTION_LENGTH });
    expect(JSON.stringify(document)).toContain('^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$');
  });

  test('shows keys in their true form', () => {
    expect(parseAccessKey(EXAMPLE_KEY.accessKey)).not.toBeNull();
    expect(parseSecretKey(EXAMPLE_KEY.secretKey)).not.toBeNull();
  });

  test('tells how to authenticate, and where nobody needs to', () => {
    const security = Object.fromEntries(operations.map(({ operation }) => [operation.operationId, operation.security]));
    const byToken = [{ accessToken: [] }, { bearer: [] }];
    const inPerson = [...byToken, { session: [] }];
    const byPlatform = [...inPerson, { platform: [], user: [] }];
    const byUser = [...byPlatform, { application: ['SYSTEM'] }];
    expect(security['create_account']).toEqual(byUser);
    expect(security['check_credential']).toEqual([...byUser, { platform: [] }]);
    expect(security['fetch_token']).toEqual([{ session: [] }, { password: [] }]);
    expect(security['log_in']).toEqual([{ password: [] }, {}]);
    expect(security['pass_on_get']).toEqual([...byToken, { application: ['PROJECT', 'REPO', 'NODE'] }]);
    expect(security['create_token']).toEqual(byPlatform);
    expect(security['decide_consent']).toEqual(inPerson);
    expect(security['ready']).toEqual([]);
    expect(security['redeem']).toEqual([{ client: [] }]);
    expect(security['show_subject']).toEqual([{ application: ['openid'] }]);
  });
});
