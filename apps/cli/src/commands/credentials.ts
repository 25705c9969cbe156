import { credentialJson, rotationJson, type DisclosedCredential } from '@claviger/application';
import { OPERATOR, type CredentialRefusal, type CredentialStatus } from '@claviger/domain';
import { askSecret, confirm } from '../ask.js';
import { durationIn } from '../duration.js';
import { EXIT_CODES } from '../exit-codes.js';
import type { Session } from '../session.js';
import { credentialsTable, credentialTable, rotationTable } from '../tables.js';

export interface CreateOptions {
  readonly type: string;
  readonly expiresAt?: string;
}

export interface RotateOptions {
  readonly overlap?: string;
  readonly retire?: string;
  readonly expiresAt?: string;
}

export interface CheckOptions {
  readonly app?: string;
  readonly type?: string;
}

export async function createCredential(session: Session, appId: string, options: CreateOptions): Promise<void> {
  const platform = await session.platform();
  const { type, expiresAt } = options;
  await printNew(session, await platform.createCredential(OPERATOR, { appId, type, expiresAt }));
}

export async function rotateCredential(
  session: Session,
  appId: string,
  accessKey: string,
  { overlap, retire, expiresAt }: RotateOptions,
): Promise<void> {
  const platform = await session.platform();
  const asked = { appId, accessKey, overlap: durationIn('--overlap', overlap), retire, expiresAt };
  await printNew(session, await platform.rotateCredential(OPERATOR, asked));
}

export async function showRotation(session: Session, appId: string, accessKey: string): Promise<void> {
  const platform = await session.platform();
  const json = rotationJson(await platform.showRotation(OPERATOR, { appId, accessKey }));
  await session.print(json, () => rotationTable(json));
}

export async function rollBackRotation(session: Session, appId: string, accessKey: string): Promise<void> {
  const platform = await session.platform();
  const { old } = await platform.showRotation(OPERATOR, { appId, accessKey });
  await confirm(session, `Keep the key ${accessKey} of ${appId} and delete ${old.superseded.by}?`);
  await platform.rollBackRotation(OPERATOR, { appId, accessKey });
  await session.print(true);
}

export async function listCredentials(session: Session, appId: string): Promise<void> {
  const platform = await session.platform();
  const found = await platform.listCredentials(OPERATOR, { appId });
  const credentials = found.map((credential) => credentialJson(credential));
  await session.print(credentials, () => credentialsTable(credentials));
}

export async function changeCredentialStatus(
  session: Session,
  appId: string,
  accessKey: string,
  status: CredentialStatus,
): Promise<void> {
  const platform = await session.platform();
  await platform.changeCredentialStatus(OPERATOR, { appId, accessKey, status });
  await session.print(true);
}

export async function deleteCredential(session: Session, appId: string, accessKey: string): Promise<void> {
  const platform = await session.platform();
  await confirm(session, `Delete the key ${accessKey} of ${appId}?`);
  await platform.deleteCredential(OPERATOR, { appId, accessKey });
  await session.print(true);
}

const REASONS = {
  unknown: 'The key is unknown here, or the secret is not its own.',
  disabled: 'The key is disabled.',
  expired: 'The key has expired.',
  grant_type_gone: 'The account no longer has the type of this key.',
  grant_type_differs: 'The key is of another type.',
  account_locked: 'The account is locked.',
} as const satisfies Record<CredentialRefusal, string>;

export async function checkCredential(session: Session, accessKey: string, options: CheckOptions): Promise<void> {
  const secretKey = (await askSecret(session.io, 'Secret key')).trim();
  const platform = await session.platform();
  const { app, type } = options;
  const { valid, appId, because } = await platform.checkCredential(OPERATOR, {
    accessKey,
    secretKey,
    appId: app,
    type,
  });
  await session.print({ valid, appId }, () => (valid ? `good: a key of ${appId ?? 'nobody'}` : 'not good'));
  if (because) session.tell(REASONS[because]);
  if (!valid) session.exitCode = EXIT_CODES.forbidden;
}

async function printNew(session: Session, { credential, secretKey }: DisclosedCredential): Promise<void> {
  const json = credentialJson(credential, [{ accessKey: credential.accessKey, secretKey }]);
  await session.print(json, () => credentialTable(json));
  session.tell('The secret is shown only this once: keep it now.');
}
