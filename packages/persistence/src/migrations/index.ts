import { Foundations1795305600000 } from './1795305600000-foundations.js';
import { TokensAndSessions1795392000000 } from './1795392000000-tokens-and-sessions.js';
import { Counters1795478400000 } from './1795478400000-counters.js';
import { CredentialLife1795564800000 } from './1795564800000-credential-life.js';

/** In the order in which they are run. A migration that was released is never changed. */
export const MIGRATIONS = [
  Foundations1795305600000,
  TokensAndSessions1795392000000,
  Counters1795478400000,
  CredentialLife1795564800000,
];

export const MIGRATION_NAMES: readonly string[] = MIGRATIONS.map((migration) => migration.name);
