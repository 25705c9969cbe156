/** Takes everything out of the tables that both databases have: what refers to others goes before them. */
export const EMPTY_ALL = [
  'signing_keys',
  'oauth_artifacts',
  'deliveries',
  'webhooks',
  'authorizations',
  'credentials',
  'accounts',
  'access_tokens',
  'sessions',
  'users',
  'audit',
  'periods',
]
  .map((table) => `DELETE FROM ${table};`)
  .join(' ');
