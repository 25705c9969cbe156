import type { Messenger } from '@claviger/domain';
import type { HttpMessenger } from '@claviger/webhooks';
import type { Config } from './config-keys.js';

/** Sends what webhooks are told. Its library is loaded with the first message: most processes never send one. */
export function openMessenger(config: Config): Messenger & { close(): Promise<void> } {
  let opened: Promise<HttpMessenger> | undefined;
  const open = async () => {
    const { httpMessenger } = await import('@claviger/webhooks');
    return httpMessenger({
      timeout: config['webhooks.timeout'],
      allowPrivateAddresses: config['webhooks.allowPrivateAddresses'],
      userAgent: 'Claviger-Webhooks/1',
    });
  };
  return {
    send: async (message) => (await (opened ??= open())).send(message),
    close: async () => (await opened)?.close(),
  };
}
