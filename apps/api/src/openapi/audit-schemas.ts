import type { AuditJson, AuditVerdict } from '@claviger/application';
import { DATE, orNull, type Schemas } from './parts.js';

const HASH = { type: 'string', pattern: '^[0-9a-f]{64}$' } as const;
const NUMBER = { type: 'integer', minimum: 1 } as const;
/** Of texts, numbers, flags, lists and further such objects. */
const FACTS = { type: 'object', additionalProperties: true } as const;
const FACTS_OR_NULL = { type: ['object', 'null'], additionalProperties: true };

export const EXAMPLE_SEAL = { number: 41, hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' };

const record: AuditJson = {
  id: '41',
  name: 'account.locked',
  at: '2026-01-31T08:15:30.365Z',
  by: {
    kind: 'user',
    userId: 'admin' as AuditJson['by']['userId'],
    appId: null,
    address: '192.0.2.7',
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  },
  subject: { kind: 'account', id: '019c0000-0000-7000-8000-000000000001', name: 'bkdevops' },
  before: { locked: false },
  after: { locked: true },
  details: {},
  seal: EXAMPLE_SEAL,
};
export const EXAMPLE_RECORD = record;

const verdict: AuditVerdict = {
  intact: true,
  broken: null,
  verified: 41,
  unsealed: 2,
  prunedThrough: null,
  last: EXAMPLE_SEAL,
};
export const EXAMPLE_VERDICT = verdict;

const SEAL = {
  required: Object.keys(EXAMPLE_SEAL),
  properties: { number: { ...NUMBER, description: 'Counted without gaps.' }, hash: HASH },
};

/** The record of what was done. */
export const AUDIT_SCHEMAS = {
  AuditRecord: {
    type: 'object',
    required: Object.keys(record),
    properties: {
      id: { type: 'string', description: 'In the order of writing.' },
      name: { type: 'string', description: 'Of the event.', examples: ['account.locked'] },
      at: DATE,
      by: {
        type: 'object',
        required: Object.keys(record.by),
        properties: {
          kind: {
            type: 'string',
            enum: ['user', 'platform', 'operator', 'worker', 'stranger'],
            description: '`operator`: by the command line; `worker`: by the service itself; `stranger`: not proven.',
          },
          userId: orNull({ description: 'Of a stranger: whom they named, if there is such a user.' }),
          appId: orNull({ description: 'The platform account that the user acted through.' }),
          address: orNull({ description: 'Null for what came from no network.' }),
          traceId: orNull({ description: 'Of the request, and of its line in the log.' }),
        },
      },
      subject: {
        type: 'object',
        required: Object.keys(record.subject),
        properties: {
          kind: {
            type: 'string',
            enum: ['account', 'user', 'authorization', 'token', 'session', 'webhook', 'request', 'audit'],
          },
          id: { type: 'string' },
          name: { type: 'string', description: 'What people call it.' },
        },
      },
      before: { ...FACTS_OR_NULL, description: 'What differs, as it was; null: there was nothing.' },
      after: { ...FACTS_OR_NULL, description: 'What differs, as it is; null: there is nothing left.' },
      details: { ...FACTS, description: 'What else the event says. Of secrets there are fingerprints only.' },
      seal: { ...SEAL, type: ['object', 'null'], description: 'Its place in the chain; null until it is sealed.' },
    },
    examples: [EXAMPLE_RECORD],
  },
  AuditVerdict: {
    type: 'object',
    required: Object.keys(verdict),
    properties: {
      intact: { type: 'boolean' },
      broken: {
        type: ['object', 'null'],
        required: ['number', 'because'],
        properties: {
          number: NUMBER,
          because: { type: 'string', enum: ['missing', 'changed', 'other_chain', 'pruned'] },
        },
        description: 'The first place in the chain that is wrong, and how; null when none is.',
      },
      verified: { type: 'integer', minimum: 0, description: 'Records whose hashes were computed anew.' },
      unsealed: { type: 'integer', minimum: 0, description: 'Written, and not sealed yet.' },
      prunedThrough: {
        type: ['integer', 'null'],
        description: 'The last number that was deleted when it was too old to be kept; null when none was.',
      },
      last: { ...SEAL, type: ['object', 'null'], description: 'The end of the chain, to be kept elsewhere.' },
    },
    examples: [EXAMPLE_VERDICT],
  },
} as const satisfies Schemas;
