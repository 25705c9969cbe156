import { describe } from '@jest/globals';
import type { Setting } from '../api-process.js';
import { asking } from './asking.js';
import { bearer } from './bearer.js';
import { clients } from './clients.js';
import { consent } from './consent.js';
import { elsewhere } from './elsewhere.js';
import { ends } from './ends.js';
import { flow } from './flow.js';
import { howTo } from './how-to.js';
import { introspecting } from './introspecting.js';
import { oldConsole } from './old-console.js';
import { redeeming } from './redeeming.js';
import { secrets } from './secrets.js';
import { signingKeys } from './signing-keys.js';
import { oauthStage } from './stage.js';

/** All tests of the authorization server on one database, and so in one process of the API. */
export function everySubject(database: string, databaseOf: () => Promise<Setting['env']>): void {
  describe(`the authorization server on ${database}`, () => {
    const stage = oauthStage(databaseOf);
    for (const subject of [
      flow,
      consent,
      asking,
      clients,
      redeeming,
      bearer,
      ends,
      introspecting,
      elsewhere,
      secrets,
      signingKeys,
      howTo,
      oldConsole,
    ])
      subject(stage);
  });
}
