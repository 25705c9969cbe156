import { Foundations1795305600000 } from './1795305600000-foundations.js';
import { TokensAndSessions1795392000000 } from './1795392000000-tokens-and-sessions.js';
import { Counters1795478400000 } from './1795478400000-counters.js';
import { CredentialLife1795564800000 } from './1795564800000-credential-life.js';
import { Jobs1795651200000 } from './1795651200000-jobs.js';
import { AuditChain1795737600000 } from './1795737600000-audit-chain.js';
import { Webhooks1795824000000 } from './1795824000000-webhooks.js';
import { OAuthArtifacts1795910400000 } from './1795910400000-oauth-artifacts.js';
import { GrantedScope1796000000000 } from './1796000000000-granted-scope.js';
import { SigningKeys1796100000000 } from './1796100000000-signing-keys.js';
import { ChangeCounts1796200000000 } from './1796200000000-change-counts.js';

/** In the order in which they are run. A migration that was released is never changed. */
export const MIGRATIONS = [
  Foundations1795305600000,
  TokensAndSessions1795392000000,
  Counters1795478400000,
  CredentialLife1795564800000,
  Jobs1795651200000,
  AuditChain1795737600000,
  Webhooks1795824000000,
  OAuthArtifacts1795910400000,
  GrantedScope1796000000000,
  SigningKeys1796100000000,
  ChangeCounts1796200000000,
];

export const MIGRATION_NAMES: readonly string[] = MIGRATIONS.map((migration) => migration.name);
