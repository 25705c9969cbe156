import { describe, expect, test } from '@jest/globals';
import { postFrom } from '../from-address.js';
import type { Stage } from './stage.js';

/** What the keys of an account are counted in, see docs/configuration.md. */
const FAILURES = 20;

/** How clients say who they are. */
export function clients(stage: Stage): void {
  describe('a client', () => {
    test('that guesses its secret has to wait, right or wrong, and harms nobody at another address', async () => {
      const { appId, credential } = await stage.anApp();
      const [attacker, victim] = ['127.0.0.67', '127.0.0.8'];
      const asked = async (from: string, secret: string) => {
        const form = { token: 'none', client_id: appId, client_secret: secret };
        const { status } = await postFrom(from, `${stage.api.address}/oauth/token/introspection`, form);
        return status;
      };
      for (let i = 0; i < FAILURES; i++) expect(await asked(attacker, 'wrong')).toBe(401);
      expect(await asked(attacker, credential.secretKey)).toBe(429);
      expect(await asked(victim, credential.secretKey)).toBe(200);
    });
  });
}
