import type { Command } from 'commander';
import type { Session } from '../session.js';
import { examples } from './examples.js';
import { wholeNumber, words } from './option-values.js';
import type { CreateWebhookOptions, ListDeliveriesOptions, WebhookOptions } from './webhooks.js';

/** A webhook in the examples. */
const ID = '01a200e3-868f-774b-b656-8887fe58fb5b';

/** What a person types about webhooks; what is then done stands in webhooks.ts and is loaded only then. */
export function webhookCommands(webhook: Command, session: Session): void {
  const deeds = () => import('./webhooks.js');

  webhook
    .command('create <url>')
    .description('have events sent to an address; its secret is shown only this once')
    .option('--app <appId>', 'only the events of this account (default: of everybody)')
    .option('--event <name...>', 'only these events (default: all)', words)
    .option('--description <text>', 'what it is')
    .option('--disabled', 'send nothing until it is enabled')
    .addHelpText(
      'after',
      examples(
        'claviger webhook create https://ops.example/hook',
        'claviger webhook create https://shop.example/hook --app shop --event credential.expiring credential.rotated',
      ),
    )
    .action(async (url: string, options: CreateWebhookOptions) => (await deeds()).createWebhook(session, url, options));

  webhook
    .command('list')
    .description('all webhooks, or those of one account, in order of creation')
    .option('--app <appId>', 'only those of this account')
    .addHelpText('after', examples('claviger webhook list', 'claviger webhook list --app shop -o json'))
    .action(async (options: { app?: string }) => (await deeds()).listWebhooks(session, options.app));

  webhook
    .command('show <id>')
    .description('one webhook, and whether it answers')
    .addHelpText('after', examples(`claviger webhook show ${ID}`))
    .action(async (id: string) => (await deeds()).showWebhook(session, id));

  webhook
    .command('update <id>')
    .description('change what is given and leave the rest; an empty text takes a value away')
    .option('--url <url>', 'where events are sent to')
    .option('--event <name...>', 'only these events; an empty text: all', words)
    .option('--description <text>', 'what it is')
    .addHelpText('after', examples(`claviger webhook update ${ID} --event ''`))
    .action(async (id: string, options: WebhookOptions) => (await deeds()).updateWebhook(session, id, options));

  webhook
    .command('enable <id>')
    .description('send to it from now on, and at once what waits')
    .addHelpText('after', examples(`claviger webhook enable ${ID}`))
    .action(async (id: string) => (await deeds()).enableWebhook(session, id, true));

  webhook
    .command('disable <id>')
    .description('send nothing to it until it is enabled')
    .addHelpText('after', examples(`claviger webhook disable ${ID}`))
    .action(async (id: string) => (await deeds()).enableWebhook(session, id, false));

  webhook
    .command('rotate-secret <id>')
    .description('sign with a new secret, shown only this once; the one before signs too for a day')
    .addHelpText('after', examples(`claviger webhook rotate-secret ${ID}`))
    .action(async (id: string) => (await deeds()).rotateWebhookSecret(session, id));

  webhook
    .command('delete <id>')
    .description('delete a webhook with its deliveries')
    .addHelpText('after', examples(`claviger webhook delete ${ID} --yes`))
    .action(async (id: string) => (await deeds()).deleteWebhook(session, id));

  deliveryCommands(webhook, session);
}

/** What becomes of what is sent. */
function deliveryCommands(webhook: Command, session: Session): void {
  const deeds = () => import('./webhooks.js');

  webhook
    .command('test <id>')
    .description('send a message of the type webhook.test, once and at once, and tell how that ended')
    .addHelpText('after', examples(`claviger webhook test ${ID}`))
    .action(async (id: string) => (await deeds()).testWebhook(session, id));

  webhook
    .command('deliveries <id>')
    .description('what was sent to it, is on its way or never arrived, the newest first')
    .option('--status <status>', 'only those that are waiting, delivered or dead')
    .option('--limit <count>', 'at most so many (default: 100)', wholeNumber)
    .option('--cursor <cursor>', 'go on where a list ended')
    .addHelpText('after', examples(`claviger webhook deliveries ${ID} --status dead`))
    .action(async (id: string, options: ListDeliveriesOptions) => (await deeds()).listDeliveries(session, id, options));

  webhook
    .command('replay <id> [eventId]')
    .description('send one event again, or every dead one; prints how many')
    .addHelpText('after', examples(`claviger webhook replay ${ID}`, `claviger webhook replay ${ID} evt_4711`))
    .action(async (id: string, eventId?: string) => (await deeds()).replayDeliveries(session, id, eventId));
}
