import { APP_ID_PATTERN, CREDENTIAL_STATUSES, GRANT_TYPES, USER_ID_PATTERN } from '@claviger/domain';
import type { OpenAPIObject } from '@nestjs/swagger';

// What schemas are made of, with the domain's own limits.

export type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;
export type Schema = Schemas[string];

/** The same, or null. */
export const orNull = (schema: object): Schema => ({ ...schema, type: ['string', 'null'] });
export const setOf = (words: readonly string[], more: object = {}): Schema => ({
  type: 'array',
  uniqueItems: true,
  items: { type: 'string', enum: [...words] },
  ...more,
});

export const APP_ID: Schema = { type: 'string', pattern: APP_ID_PATTERN.source, examples: ['bkdevops'] };
export const USER_ID: Schema = { type: 'string', pattern: USER_ID_PATTERN.source, examples: ['admin'] };
export const GRANT_TYPE: Schema = { type: 'string', enum: [...GRANT_TYPES] };
export const CREDENTIAL_STATUS: Schema = { type: 'string', enum: [...CREDENTIAL_STATUSES] };
export const TRACE_ID = { type: 'string', pattern: '^[0-9a-f]{32}$', examples: ['4bf92f3577b34da6a3ce929d0e0e4736'] };
export const DATE = { type: 'string', format: 'date-time', examples: ['2026-01-31T08:15:30.365Z'] };
