import type { Command } from 'commander';
import type { Session } from '../session.js';

interface Noun {
  readonly about: string;
  /** Describes the noun's verbs. Loaded when the noun is named. */
  readonly verbs: () => Promise<(noun: Command, session: Session) => void>;
}

/** What can follow `claviger`, in the order of the help text. */
export const NOUNS: Readonly<Record<string, Noun>> = {
  user: {
    about: 'the people the service itself knows',
    verbs: async () => (await import('./user-commands.js')).userCommands,
  },
  account: {
    about: 'the applications that may call',
    verbs: async () => (await import('./account-commands.js')).accountCommands,
  },
  credential: {
    about: 'the key pairs that accounts call with',
    verbs: async () => (await import('./credential-commands.js')).credentialCommands,
  },
  token: {
    about: 'the access tokens that users call with',
    verbs: async () => (await import('./token-commands.js')).tokenCommands,
  },
  authorization: {
    about: 'the applications that users let act for them, and how to end that',
    verbs: async () => (await import('./authorization-commands.js')).authorizationCommands,
  },
  webhook: {
    about: 'the addresses that hear what happens',
    verbs: async () => (await import('./webhook-commands.js')).webhookCommands,
  },
  'signing-key': {
    about: 'the keys that ID tokens are signed with; they are rotated by the worker',
    verbs: async () => (await import('./signing-key-commands.js')).signingKeyCommands,
  },
  audit: {
    about: 'who did what, when and from where',
    verbs: async () => (await import('./audit-commands.js')).auditCommands,
  },
  database: {
    about: 'the schema under everything',
    verbs: async () => (await import('./database-commands.js')).databaseCommands,
  },
};
