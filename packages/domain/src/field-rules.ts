/** What can be wrong with one field of the caller's input; the text follows the field's name. */
export const FIELD_RULES = {
  required: { en: 'is required.', zh: '是必填项。' },
  required_by_authorization_code: {
    en: 'is required for the grant type AUTHORIZATION_CODE.',
    zh: '在授权方式为 AUTHORIZATION_CODE 时是必填项。',
  },
  not_text: { en: 'must be a string.', zh: '必须是字符串。' },
  not_boolean: { en: 'must be true or false.', zh: '必须是 true 或 false。' },
  not_list: { en: 'must be a list of strings.', zh: '必须是字符串列表。' },
  not_whole_number: { en: 'must be a whole number from {min} to {max}.', zh: '必须是 {min} 到 {max} 的整数。' },
  not_one_of: { en: 'must be one of {allowed}.', zh: '必须是以下之一：{allowed}。' },
  empty: { en: 'must not be empty.', zh: '不能为空。' },
  repeated: { en: 'must not be given twice.', zh: '不能重复。' },
  too_short: { en: 'must have at least {min} characters.', zh: '至少 {min} 个字符。' },
  too_long: { en: 'must have at most {max} characters.', zh: '最多 {max} 个字符。' },
  too_common: { en: 'is too common to be safe.', zh: '过于常见，不安全。' },
  not_plain_text: { en: 'must not contain NUL or broken characters.', zh: '不能包含 NUL 或损坏的字符。' },
  not_app_id: {
    en: 'must have 1 to 64 letters, digits, dots, hyphens or underscores, the first a letter or digit.',
    zh: '必须由 1 到 64 个字母、数字、点、连字符或下划线组成，且以字母或数字开头。',
  },
  reserved: { en: 'is a word reserved by this API.', zh: '是本 API 的保留字。' },
  not_user_id: {
    en: 'must have 1 to 64 letters, digits or any of . _ @ -',
    zh: '必须由 1 到 64 个字母、数字或 . _ @ - 组成。',
  },
  not_web_address: {
    en: 'must be an absolute http or https address without user name or password.',
    zh: '必须是不带用户名和密码的 http 或 https 绝对地址。',
  },
  not_redirect_uri: {
    en: 'must be an absolute http or https address without fragment, user name or password.',
    zh: '必须是不带片段、用户名和密码的 http 或 https 绝对地址。',
  },
  not_picture_address: {
    en: 'must be an http or https address, or a path on the homepage.',
    zh: '必须是 http 或 https 地址，或主页下的路径。',
  },
  not_time: {
    en: 'must be a time in ISO 8601, such as 2030-01-31T00:00:00Z.',
    zh: '必须是 ISO 8601 时间，例如 2030-01-31T00:00:00Z。',
  },
  not_expiry: {
    en: 'must be a time in ISO 8601, such as 2030-01-31T00:00:00Z, or never.',
    zh: '必须是 ISO 8601 时间，例如 2030-01-31T00:00:00Z，或 never。',
  },
  not_in_future: { en: 'must be in the future.', zh: '必须是将来的时间。' },
  too_late: { en: 'must be {latest} or earlier.', zh: '不能晚于 {latest}。' },
  never_not_allowed: {
    en: 'must be a time: credentials that never expire are not allowed here.',
    zh: '必须是一个时间：此处不允许永不过期的凭证。',
  },
  not_event: {
    en: 'must be names of events, such as credential.expiring.',
    zh: '必须是事件名称，例如 credential.expiring。',
  },
  not_code_challenge: {
    en: 'must be the base64url form of a SHA-256 hash.',
    zh: '必须是 SHA-256 哈希值的 base64url 形式。',
  },
  not_cursor: { en: 'must be the cursor of an earlier answer.', zh: '必须是之前返回的游标。' },
} as const;

export type FieldRule = keyof typeof FIELD_RULES;
