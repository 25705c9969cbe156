import { parseAccessToken, type AccessTokenText } from '@claviger/domain';
import { describe, expect, it } from '@jest/globals';
import { hmacBearerSecrets } from './hmac-bearer-secrets.js';

const SECRET = 'a secret of some length';

describe('hmac bearer secrets', () => {
  const secrets = hmacBearerSecrets(SECRET);

  it('makes access tokens that their parser accepts, and sessions that a cookie takes, never the same twice', () => {
    const tokens = Array.from({ length: 50 }, () => secrets.newAccessToken());
    const sessions = Array.from({ length: 50 }, () => secrets.newSession());
    for (const { text } of tokens) expect(parseAccessToken(text)).toBe(text);
    for (const { text } of sessions) expect(text).toMatch(/^[0-9A-Za-z]{43}$/);
    expect(new Set([...tokens, ...sessions].flatMap(({ text, mac }) => [text, mac])).size).toBe(200);
  });

  it('finds the mac again by the text, in another process with the same secret too', () => {
    const [token, session] = [secrets.newAccessToken(), secrets.newSession()];
    const other = hmacBearerSecrets(SECRET);
    expect(other.macOfAccessToken(token.text)).toBe(token.mac);
    expect(other.macOfSession(session.text)).toBe(session.mac);
  });

  it('makes every text unknown under another secret', () => {
    const [token, session] = [secrets.newAccessToken(), secrets.newSession()];
    const changed = hmacBearerSecrets(`${SECRET}!`);
    expect(changed.macOfAccessToken(token.text)).not.toBe(token.mac);
    expect(changed.macOfSession(session.text)).not.toBe(session.mac);
  });

  it('never takes a token for a session or a session for a token', () => {
    const [token, session] = [secrets.newAccessToken(), secrets.newSession()];
    expect(secrets.macOfSession(token.text)).not.toBe(token.mac);
    expect(secrets.macOfAccessToken(session.text as AccessTokenText)).not.toBe(session.mac);
  });

  it('gives any text a mac: what was no session is found nowhere', () => {
    for (const text of ['', '\0', '\ud800', 'x'.repeat(100_000)])
      expect(secrets.macOfSession(text)).toMatch(/^[\w-]{43}$/);
  });

  it('keeps nothing that shows the text or the secret', () => {
    const { text, mac } = secrets.newAccessToken();
    expect(mac).not.toContain(text.slice(4, 12));
    expect(JSON.stringify(secrets)).not.toContain(SECRET);
  });

  it('names its secret, so that another one is noticed', () => {
    expect(hmacBearerSecrets(SECRET).secretId).toBe(secrets.secretId);
    expect(hmacBearerSecrets(`${SECRET}!`).secretId).not.toBe(secrets.secretId);
  });
});
