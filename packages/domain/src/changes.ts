import type { AccessToken } from './access-token.js';
import type { Account } from './account.js';
import type { Authorization } from './authorization.js';
import type { Credential } from './credential.js';
import { changesBetween, type Changes, type Facts } from './facts.js';
import type { Session } from './session.js';
import type { SigningKey } from './signing-key.js';
import type { User } from './user.js';
import type { Webhook } from './webhook.js';

export function accountChanges(before: Account | null, after: Account | null): Changes {
  return changesBetween(before && accountFacts(before), after && accountFacts(after));
}

export function userChanges(before: User | null, after: User | null): Changes {
  return changesBetween(before && userFacts(before), after && userFacts(after));
}

export function tokenChanges(before: AccessToken | null, after: AccessToken | null): Changes {
  return changesBetween(before && tokenFacts(before), after && tokenFacts(after));
}

export function sessionChanges(before: Session | null, after: Session | null): Changes {
  return changesBetween(before && sessionFacts(before), after && sessionFacts(after));
}

export function authorizationChanges(before: Authorization | null, after: Authorization | null): Changes {
  return changesBetween(before && authorizationFacts(before), after && authorizationFacts(after));
}

export function webhookChanges(before: Webhook | null, after: Webhook | null): Changes {
  return changesBetween(before && webhookFacts(before), after && webhookFacts(after));
}

export function signingKeyChanges(before: SigningKey | null, after: SigningKey | null): Changes {
  return changesBetween(before && signingKeyFacts(before), after && signingKeyFacts(after));
}

function accountFacts(account: Account): Facts {
  const { appId, owner, locked, grantTypes, scope, homepageUrl, redirectUri, avatarUrl, description } = account;
  const credentials = Object.fromEntries(account.credentials.map((held) => [held.accessKey, credentialFacts(held)]));
  return { appId, owner, locked, grantTypes, scope, homepageUrl, redirectUri, avatarUrl, description, credentials };
}

function credentialFacts({ grantType, status, expiresAt, superseded, sealedSecret }: Credential): Facts {
  const secret = `${sealedSecret.pepperId}:${fingerprint(sealedSecret.mac)}`;
  return { grantType, status, expiresAt, supersededBy: superseded?.by ?? null, secret };
}

function userFacts({ userId, name, admin, locked, passwordHash }: User): Facts {
  // Of a hash that can be guessed at only the end is told: without its salt nobody can compare a guess with it.
  return { userId, name, admin, locked, password: passwordHash?.slice(-8) ?? null };
}

function tokenFacts({ userId, name, expiresAt, mac }: AccessToken): Facts {
  return { userId, name, expiresAt, token: fingerprint(mac) };
}

function sessionFacts({ userId, address, userAgent, expiresAt }: Session): Facts {
  return { userId, address, userAgent, expiresAt };
}

function authorizationFacts({ userId, scope }: Authorization): Facts {
  return { userId, scope };
}

function webhookFacts({ appId, url, events, description, enabled, secret }: Webhook): Facts {
  return { appId, url, events, description, enabled, secret: secret.fingerprint };
}

function signingKeyFacts({ signsFrom, privateKey }: SigningKey): Facts {
  return { signsFrom, privateKey: privateKey.fingerprint };
}

/** Enough of a mac to tell it from others, too little to stand for it. */
function fingerprint(mac: string): string {
  return mac.slice(0, 12);
}
