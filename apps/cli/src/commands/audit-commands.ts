import type { Command } from 'commander';
import type { Session } from '../session.js';
import type { ListAuditOptions, VerifyAuditOptions } from './audit.js';
import { examples } from './examples.js';
import { wholeNumber } from './option-values.js';

/** What a person types about the audit; what is then done stands in audit.ts and is loaded only then. */
export function auditCommands(audit: Command, session: Session): void {
  const deeds = () => import('./audit.js');

  audit
    .command('list')
    .description('the newest records, or the newest of those that the options choose')
    .option('--name <event>', 'only this event, such as account.opened, or all of account')
    .option('--user <userId>', 'only what this user did')
    .option('--app <appId>', 'only what was done through this account')
    .option('--subject <subject>', 'only what was done to this: an app id, a user id or another id')
    .option('--address <address>', 'only what came from this address')
    .option('--trace-id <traceId>', 'only what this one request did')
    .option('--since <time>', 'not before that; ISO 8601')
    .option('--until <time>', 'before that; ISO 8601')
    .option('--limit <count>', 'at most so many (default: 100)', wholeNumber)
    .option('--cursor <cursor>', 'go on where a list ended')
    .addHelpText(
      'after',
      examples(
        'claviger audit list --subject billing',
        'claviger audit list --name caller.refused --since 2026-11-22T00:00:00Z -o json',
      ),
    )
    .action(async (options: ListAuditOptions) => (await deeds()).listAudit(session, options));

  audit
    .command('verify')
    .description('compute every hash of the chain anew: tells whether a record was changed, removed or put in between')
    .option('--head <number:hash>', 'and whether it goes on from this earlier end of the chain')
    .addHelpText(
      'after',
      examples('claviger audit verify', 'claviger audit verify -o json | jq -r \'.last | "\\(.number):\\(.hash)"\''),
    )
    .action(async (options: VerifyAuditOptions) => (await deeds()).verifyAudit(session, options));

  audit
    .command('export')
    .description('all records in the order of the chain, each a line of JSON; --output is not looked at')
    .addHelpText('after', examples('claviger audit export | gzip > audit.jsonl.gz'))
    .action(async () => (await deeds()).exportAudit(session));
}
