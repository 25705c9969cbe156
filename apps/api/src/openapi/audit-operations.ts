import { MAX_LIST_LIMIT } from '@claviger/application';
import type { AuditController } from '../audit/audit.controller.js';
import { EXAMPLE_RECORD, EXAMPLE_SEAL, EXAMPLE_VERDICT } from './audit-schemas.js';
import { NEXT_LINK, type Described, type Field } from './operations.js';
import { ref } from './schemas.js';

const text = (description: string): Field => ({ schema: { type: 'string' }, description });
const time = (description: string): Field => ({ schema: { type: 'string', format: 'date-time' }, description });

export const AUDIT_OPERATIONS: Described<AuditController> = {
  list: {
    id: 'list_audit',
    summary: 'What was done, by whom and from where, the newest first, for admins',
    query: {
      name: text('Only events of this name, or of this first part of it, such as `credential`.'),
      user: text('Only what this user did.'),
      app: text('Only what was done through this platform account.'),
      subject: text('Only what was done to this: its id, appId or userId.'),
      address: text('Only what came from this address.'),
      traceId: text('Only what this request did.'),
      since: time('Only what was done then or later.'),
      until: time('Only what was done before that.'),
      limit: {
        schema: { type: 'integer', minimum: 1, maximum: MAX_LIST_LIMIT },
        description: 'How many at most; left out: all, streamed.',
      },
      cursor: text('From the `Link` of the page before.'),
    },
    data: { type: 'array', items: ref('AuditRecord') },
    example: [EXAMPLE_RECORD],
    answerHeaders: NEXT_LINK,
    refuses: ['field_invalid', 'user_not_allowed'],
  },
  verify: {
    id: 'verify_audit',
    summary: 'Whether nobody changed the record of what was done, for admins',
    description:
      'Computes every hash of the chain anew. With the end of the chain as it was told earlier, that too has to be part of it: whoever rewrote the whole chain is found out.',
    query: {
      number: {
        schema: { type: 'integer', minimum: 1, examples: [EXAMPLE_SEAL.number] },
        description: 'Of an earlier `last`; together with its hash.',
      },
      hash: { schema: { type: 'string', examples: [EXAMPLE_SEAL.hash] }, description: 'Of an earlier `last`.' },
    },
    data: ref('AuditVerdict'),
    example: EXAMPLE_VERDICT,
    refuses: ['field_invalid', 'user_not_allowed'],
  },
  export: {
    id: 'export_audit',
    summary: 'All of it, one record on each line, for admins',
    description: 'In the order of the chain, and then what is not sealed yet. Streamed. The schema is that of a line.',
    lines: true,
    data: ref('AuditRecord'),
    example: EXAMPLE_RECORD,
    refuses: ['user_not_allowed'],
  },
};
