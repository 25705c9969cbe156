/** The protocol's own words, which are no scope of an account. */
export const PROTOCOL_SCOPES: readonly string[] = ['openid', 'offline_access'];
