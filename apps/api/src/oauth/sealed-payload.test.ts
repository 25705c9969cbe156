import { describe, expect, test } from '@jest/globals';
import { seal, unseal } from './sealed-payload.js';

const ID = 'a-token-that-nobody-guesses';

describe('what is kept of an artifact', () => {
  test('is read with its id and kind, and with nothing else', () => {
    const sealed = seal('AccessToken', ID, { jti: ID, scope: 'openid' });
    expect(unseal('AccessToken', ID, sealed)).toEqual({ jti: ID, scope: 'openid' });
    expect(() => unseal('AccessToken', `${ID}.`, sealed)).toThrow('unable to authenticate data');
    expect(() => unseal('RefreshToken', ID, sealed)).toThrow('unable to authenticate data');
  });

  test('says nothing of the id', () => {
    const sealed = seal('AccessToken', ID, { jti: ID });
    const shown = Buffer.from(sealed, 'base64url').toString('latin1') + sealed;
    expect(shown).not.toContain(ID);
  });

  test('is another each time, so that equal payloads do not show', () => {
    expect(seal('Grant', ID, {})).not.toBe(seal('Grant', ID, {}));
  });
});
