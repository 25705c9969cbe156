import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { OpenAPIObject } from '@nestjs/swagger';

export interface DocumentSchemas {
  /** The errors of an answer's body against the documented schema of that route and status; empty: it fits. */
  errorsOf(answer: { method: string; path: string; status: number; body: unknown; type?: string }): string[];
}

/** Compares real answers with what the OpenAPI document promises. @param path as the document has it */
export function documentSchemas(document: OpenAPIObject): DocumentSchemas {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, 'document');
  const compiled = new Map<string, ValidateFunction>();
  return {
    errorsOf: ({ method, path, status, body, type = 'application/json' }) => {
      const pointer = ['paths', path, method.toLowerCase(), 'responses', String(status), 'content', type, 'schema']
        .map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1'))
        .map(encodeURIComponent)
        .join('/');
      const validate = compiled.get(pointer) ?? ajv.compile({ $ref: `document#/${pointer}` });
      compiled.set(pointer, validate);
      return validate(body) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
    },
  };
}
