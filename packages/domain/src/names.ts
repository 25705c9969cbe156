import type { Brand } from './brand.js';
import { fieldInvalid } from './errors.js';

/** The name a platform gives its application; unique without regard to case. */
export type AppId = Brand<string, 'AppId'>;
/** The name of a user, as the platform's own directory knows it. */
export type UserId = Brand<string, 'UserId'>;

/** Words that are path segments of the account API: as an appId they would hide one of its calls. */
export const RESERVED_APP_IDS: readonly string[] = [
  'create',
  'update',
  'delete',
  'uninstall',
  'list',
  'own',
  'authorized',
  'detail',
  'credential',
  'check',
  'rotate',
  'rotation',
];

export const APP_ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
export const USER_ID_PATTERN = /^[A-Za-z0-9._@-]{1,64}$/;

/** @throws field_invalid when the text cannot name an account. */
export function parseAppId(given: string): AppId {
  if (!APP_ID_PATTERN.test(given)) throw fieldInvalid('appId', 'not_app_id');
  if (RESERVED_APP_IDS.includes(given.toLowerCase())) throw fieldInvalid('appId', 'reserved');
  return given as AppId;
}

/** The form under which an appId is unique: two appIds that differ in case alone name the same account. */
export function appIdKey(appId: AppId): string {
  return appId.toLowerCase();
}

/** @param field the header, parameter or JSON field that carried the text; the error names it. */
export function parseUserId(given: string, field = 'userId'): UserId {
  if (!USER_ID_PATTERN.test(given)) throw fieldInvalid(field, 'not_user_id');
  return given as UserId;
}
