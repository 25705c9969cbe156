import type { Account } from '@claviger/domain';

/** Where the account's picture is, if a page may show it: over https alone. A path is relative to the homepage. */
export function pictureOf({ avatarUrl, homepageUrl }: Pick<Account, 'avatarUrl' | 'homepageUrl'>): string | null {
  const base = homepageUrl ?? undefined;
  if (avatarUrl === null || !URL.canParse(avatarUrl, base)) return null;
  const { protocol, href } = new URL(avatarUrl, base);
  return protocol === 'https:' ? href : null;
}
