import type { OpenAPIObject } from '@nestjs/swagger';
import * as fc from 'fast-check';
import type { OperationObject } from '../src/openapi/describe.js';
import { anyWord, sometimes } from '../test/processes/any-text.js';
import { hostileValue, valuesOf, type Pools, type Schema, type Values } from './document-values.js';

/** A request as the document lets somebody think of it. */
export interface DocumentRequest {
  readonly method: string;
  readonly url: string;
  readonly body: string | undefined;
  readonly type: string | undefined;
  readonly caller: string;
  readonly language: string;
}

export interface Operation {
  readonly method: string;
  /** As the document has it. */
  readonly path: string;
  readonly parameters: readonly { readonly in: string; readonly name: string; readonly schema: Schema }[];
  readonly body: { readonly type: string; readonly schema: Schema } | null;
}

export function operationsOf(document: OpenAPIObject): readonly Operation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    (['get', 'post', 'put', 'patch', 'delete'] as const).flatMap((method) => {
      const operation = item[method];
      if (!operation) return [];
      const [type, content] = Object.entries(contentOf(operation))[0] ?? [];
      const body = type === undefined ? null : { type, schema: content?.schema ?? {} };
      return [{ method, path, parameters: (operation.parameters ?? []) as Operation['parameters'], body }];
    }),
  );
}

/** Requests to any operation: right ones, nearly right ones and hostile ones, by any of the callers. */
export function anyDocumentRequest(
  document: OpenAPIObject,
  operations: readonly Operation[],
  callers: readonly string[],
  pools: Pools,
): fc.Arbitrary<DocumentRequest> {
  const values = valuesOf(document.components?.schemas ?? {}, pools);
  const each = operations.map((operation) => requestTo(operation, values));
  return fc
    .record({
      asked: fc.oneof(...each),
      ms: fc.constantFrom('', '', '/ms'),
      caller: fc.constantFrom(...callers),
      language: fc.constantFrom('en', 'zh', 'zh-CN,en;q=0.5', '*', 'x'.repeat(100), ';q=2'),
    })
    .map(({ asked, ms, ...rest }) => ({
      ...asked,
      ...rest,
      url: asked.url.startsWith('/auth/') ? ms + asked.url : asked.url,
    }));
}

function requestTo({ method, path, parameters, body }: Operation, values: Values) {
  const words = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
    const schema = parameters.find((one) => one.in === 'path' && one.name === name)?.schema ?? { type: 'string' };
    return fc.oneof({ arbitrary: values.fitting(schema, name), weight: 6 }, { arbitrary: anyWord(), weight: 1 });
  });
  const asked = parameters.filter((one) => one.in === 'query');
  const query = asked.map(({ name, schema }) =>
    fc.oneof(
      { arbitrary: fc.constant(''), weight: 3 },
      { arbitrary: values.fitting(schema, name).map((given) => pair(name, given)), weight: 2 },
      hostileValue().map((given) => pair(name, given)),
    ),
  );
  return fc
    .record({
      words: fc.tuple(...words),
      query: fc.tuple(...query),
      body: body ? aBody(body, values) : fc.constant(undefined),
      type: sometimes(
        fc.constantFrom('text/plain', 'application/xml', 'multipart/form-data', 'x'),
        fc.constant(body?.type),
      ),
    })
    .map((parts) => {
      const rest = [...parts.words];
      const at = path.replaceAll(/\{\w+\}/g, () => segment(rest.shift()));
      const search = parts.query.filter((text) => text !== '').join('&');
      return { method, url: search ? `${at}?${search}` : at, body: parts.body, type: body ? parts.type : undefined };
    });
}

function aBody({ type, schema }: NonNullable<Operation['body']>, values: Values): fc.Arbitrary<string | undefined> {
  const write = (value: unknown): string =>
    type === 'application/json' ? JSON.stringify(value) : formOf((value ?? {}) as Record<string, unknown>);
  return fc.oneof(
    { arbitrary: values.fitting(schema).map(write), weight: 5 },
    { arbitrary: values.nearly(schema).map(write), weight: 5 },
    { arbitrary: hostileValue().map(write), weight: 1 },
    fc.constantFrom(
      `"${'x'.repeat(70_000)}"`,
      undefined,
      '',
      '{',
      'null',
      '[]',
      '{"__proto__":{"admin":true}}',
      '{"a":1,"a":"a"}',
      '\0',
    ),
  );
}

function formOf(fields: Record<string, unknown>): string {
  return Object.entries(fields)
    .map(([name, value]) => pair(name, value))
    .join('&');
}

function pair(name: string, value: unknown): string {
  return `${encodeURIComponent(name)}=${segment(value)}`;
}

/** Encoded, unless a lone surrogate stands in it: that cannot be sent. */
function segment(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return encodeURIComponent(Buffer.from(text).toString());
}

function contentOf(operation: OperationObject): Record<string, { schema?: Schema }> {
  const body = operation.requestBody;
  return body && 'content' in body ? body.content : {};
}
