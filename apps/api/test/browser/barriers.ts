import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What keeps somebody from using the page as it is now; nothing, if it is {@link CLEAN}. */
export interface Barriers {
  /** What axe finds, in one line each. */
  readonly found: readonly string[];
  readonly scrollsSideways: boolean;
}

export const CLEAN: Barriers = { found: [], scrollsSideways: false };

export async function barriersOn(page: Page): Promise<Barriers> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
  const scrollsSideways = await page.evaluate(
    () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
  );
  return { found, scrollsSideways };
}
