import type { KoaContextWithOIDC } from 'oidc-provider';

/** A mode that nobody has: the library refuses it, and says so in the query. */
const NONE = 'none';

/**
 * Codes go back in the query alone. The library would also offer a form, which the policy of our pages lets nowhere, and
 * the fragment, which is for what we do not hand out; no option of its own takes them away.
 */
export async function inQueryAlone(ctx: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> {
  const { response_mode: mode } = ctx.query;
  if (mode && mode !== 'query') ctx.query = { ...ctx.query, response_mode: NONE };
  await next();
  if (ctx.oidc?.route === 'discovery') Object.assign(ctx.body as object, { response_modes_supported: ['query'] });
}
