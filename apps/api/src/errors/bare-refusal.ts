/** What whoever has not logged in hears where an access token is fetched: to the letter, because clients look for it. */
export const BARE_BODY = { status: 401, data: '', result: true, message: '用户权限验证失败。' } as const;

/** A refusal without envelope. */
export class BareRefusal extends Error {
  override readonly name = 'BareRefusal';
}
