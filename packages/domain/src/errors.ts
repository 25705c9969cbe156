import { FIELD_RULES, type FieldRule } from './field-rules.js';

/** What went wrong in the eyes of a caller. Every edge (HTTP, CLI, OAuth) maps each kind exactly once. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'missing'
  | 'conflict'
  | 'impossible'
  | 'locked'
  | 'limited'
  | 'unavailable'
  | 'fault';

export type Language = 'en' | 'zh';

/** One line of the catalogue: `number` is the `code` of the envelope, `{name}` in a text is filled from the error's details. */
export interface CatalogueEntry {
  readonly kind: ErrorKind;
  readonly number: number;
  readonly en: string;
  readonly zh: string;
}

export const ERROR_CATALOGUE = {
  request_malformed: { kind: 'invalid', number: 250106, en: 'The request is malformed.', zh: '请求格式错误。' },
  field_invalid: { kind: 'invalid', number: 250105, en: '{field} {rule}', zh: '{field} {rule}' },
  authentications_conflict: {
    kind: 'invalid',
    number: 250106,
    en: 'Two authentications in one request: send one.',
    zh: '一个请求中有多个认证信息，请只发送一个。',
  },
  user_headers_conflict: {
    kind: 'invalid',
    number: 250106,
    en: 'The user headers name different users: send one.',
    zh: '请求头中的用户不一致，请只发送一个。',
  },

  caller_unknown: { kind: 'unauthenticated', number: 250114, en: 'Authentication failed.', zh: '认证失败。' },
  user_header_missing: {
    kind: 'unauthenticated',
    number: 250114,
    en: 'The header X-BKREPO-UID (or X-DEVOPS-UID) is missing: it names the user the platform acts for.',
    zh: '缺少请求头 X-BKREPO-UID（或 X-DEVOPS-UID）：它指明平台代表的用户。',
  },
  access_token_empty: {
    kind: 'unauthenticated',
    number: 250114,
    en: 'Request accessToken is empty.',
    zh: 'Request accessToken is empty.',
  },
  access_token_expired: {
    kind: 'unauthenticated',
    number: 250114,
    en: 'Verification failed : token过期错误: Access token expired in: {expiredAt}',
    zh: 'Verification failed : token过期错误: Access token expired in: {expiredAt}',
  },
  access_token_illegal: {
    kind: 'unauthenticated',
    number: 250114,
    en: 'Verification failed : token参数非法错误: Access token illegal',
    zh: 'Verification failed : token参数非法错误: Access token illegal',
  },

  not_allowed: { kind: 'forbidden', number: 250113, en: 'This is not allowed.', zh: '不允许该操作。' },
  user_differs: {
    kind: 'forbidden',
    number: 250113,
    en: 'The user header names somebody else than the access token or session.',
    zh: '请求头中的用户与 access token 或会话的用户不一致。',
  },
  password_differs: { kind: 'forbidden', number: 250113, en: 'The old password is wrong.', zh: '旧密码错误。' },
  user_not_allowed: {
    kind: 'forbidden',
    number: 250236,
    en: 'The user is not allowed to do this.',
    zh: '该用户没有该操作的权限。',
  },
  account_not_allowed: {
    kind: 'forbidden',
    number: 250237,
    en: 'The calling account needs the scope SYSTEM to do this.',
    zh: '调用账号需要 SYSTEM 权限范围才能进行该操作。',
  },

  account_missing: { kind: 'missing', number: 250213, en: 'There is no such account.', zh: '账号不存在。' },
  credential_missing: { kind: 'missing', number: 250251, en: 'There is no such credential.', zh: '凭证不存在。' },
  authorization_missing: {
    kind: 'missing',
    number: 250252,
    en: 'The user has not authorized this application.',
    zh: '用户没有授权该应用。',
  },
  token_missing: { kind: 'missing', number: 250253, en: 'There is no such access token.', zh: 'access token 不存在。' },
  session_missing: { kind: 'missing', number: 250255, en: 'There is no such session.', zh: '会话不存在。' },
  user_missing: { kind: 'missing', number: 250254, en: 'There is no such user.', zh: '用户不存在。' },

  webhook_missing: { kind: 'missing', number: 250257, en: 'There is no such webhook.', zh: 'webhook 不存在。' },
  delivery_missing: {
    kind: 'missing',
    number: 250258,
    en: 'The webhook has no such delivery.',
    zh: '该 webhook 没有该投递。',
  },

  account_exists: { kind: 'conflict', number: 250212, en: 'The appId is taken.', zh: 'appId 已存在。' },
  user_exists: { kind: 'conflict', number: 250211, en: 'The userId is taken.', zh: 'userId 已存在。' },
  rotation_missing: {
    kind: 'missing',
    number: 250256,
    en: 'No rotation of this credential is under way.',
    zh: '该凭证没有正在进行的轮换。',
  },
  rotation_in_progress: {
    kind: 'conflict',
    number: 250238,
    en: 'A rotation of this credential is under way: let it end or roll it back first.',
    zh: '该凭证正在轮换，请先等其结束或回滚。',
  },
  too_many_credentials: {
    kind: 'conflict',
    number: 250239,
    en: 'An account may have {most} live credentials of one grant type: delete or disable one first.',
    zh: '账号的每种授权方式最多有 {most} 个有效凭证，请先删除或禁用一个。',
  },
  too_many_webhooks: {
    kind: 'conflict',
    number: 250241,
    en: 'There may be {most} webhooks of one account: delete one first.',
    zh: '每个账号最多有 {most} 个 webhook，请先删除一个。',
  },
  question_changed: {
    kind: 'conflict',
    number: 250242,
    en: 'You are being asked something else by now: read it again.',
    zh: '授权请求已变更，请重新阅读。',
  },
  credential_is_last: {
    kind: 'conflict',
    number: 250232,
    en: 'This is the last credential of its grant type: create another one first.',
    zh: '这是该授权方式的最后一个凭证，请先创建另一个。',
  },
  admin_is_last: {
    kind: 'conflict',
    number: 250235,
    en: 'This is the last admin: make another user admin first.',
    zh: '这是最后一个管理员，请先指定另一个管理员。',
  },
  write_was_stale: {
    kind: 'conflict',
    number: 250133,
    en: 'The record was changed by somebody else meanwhile: read it again and retry.',
    zh: '记录已被他人修改，请重新读取后重试。',
  },

  credential_not_live: {
    kind: 'impossible',
    number: 250240,
    en: 'The credential is disabled or expired: create a new one instead.',
    zh: '凭证已禁用或已过期，请创建新的凭证。',
  },
  grant_type_absent: {
    kind: 'impossible',
    number: 250234,
    en: 'The account does not have the grant type {grantType}.',
    zh: '账号没有授权方式 {grantType}。',
  },

  account_locked: { kind: 'locked', number: 250250, en: 'The calling account is locked.', zh: '调用账号已被锁定。' },
  user_locked: { kind: 'locked', number: 250250, en: 'The user is locked.', zh: '用户已被锁定。' },

  too_many_requests: {
    kind: 'limited',
    number: 250129,
    en: 'Too many requests: wait as long as the header Retry-After says.',
    zh: '请求过于频繁，请按 Retry-After 等待后重试。',
  },
  database_unavailable: {
    kind: 'unavailable',
    number: 250128,
    en: 'The database is busy or away: retry in a moment.',
    zh: '数据库繁忙或不可用，请稍后重试。',
  },
  fault: {
    kind: 'fault',
    number: 250102,
    en: 'The service failed. The trace id finds the cause in its log.',
    zh: '服务器出错，请用 traceId 在日志中查找原因。',
  },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

/** Values for the texts. They are shown to callers: never a secret, a URL or a stack. */
export type ErrorDetails = Readonly<Record<string, string | number>>;

/** The only error this system throws on purpose. Anything else that is thrown is our bug. */
export class PlatformError extends Error {
  override readonly name = 'PlatformError';
  readonly kind: ErrorKind;

  constructor(
    readonly code: ErrorCode,
    readonly details: ErrorDetails = {},
  ) {
    super(code);
    this.kind = ERROR_CATALOGUE[code].kind;
  }
}

/** A named field of the caller's input breaks a rule; `values` fill the rule's text. */
export function fieldInvalid(field: string, rule: FieldRule, values: ErrorDetails = {}): PlatformError {
  return new PlatformError('field_invalid', { ...values, field, rule });
}

/** The text of a catalogue entry in the caller's language. */
export function renderText(entry: CatalogueEntry, details: ErrorDetails, language: Language): string {
  const rule = FIELD_RULES[String(details['rule']) as FieldRule] as { en: string; zh: string } | undefined;
  const values = rule ? { ...details, rule: fill(rule[language], details) } : details;
  return fill(entry[language], values);
}

/** The text of an error in the caller's language. */
export function messageOf(error: PlatformError, language: Language): string {
  return renderText(ERROR_CATALOGUE[error.code], error.details, language);
}

function fill(text: string, values: ErrorDetails): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
