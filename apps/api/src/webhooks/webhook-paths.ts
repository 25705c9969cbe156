/** Where webhooks are managed, with the second prefix that all of this API has. */
export const WEBHOOK_PATHS = ['auth/api/webhook', 'ms/auth/api/webhook'];
