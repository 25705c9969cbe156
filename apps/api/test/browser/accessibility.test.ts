import { beforeAll, expect, test } from '@jest/globals';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { inBrowser } from './in-browser.js';

const USER = { userId: 'alice', password: 'correct horse battery' };

/** What axe finds, in one line each. */
async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

const scrollsSideways = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

inBrowser('the pages', (stage) => {
  beforeAll(() => stage.asAdmin('POST', '/auth/api/user/create', USER));

  test.each([
    ['light', 1200, 'en-US'],
    ['dark', 320, 'zh-CN'],
  ] as const)('keep nothing from anybody: %s, %i pixels wide, %s', async (colorScheme, width, locale) => {
    stage.expectComplaint(/status of 401/);
    const viewport = { width, height: 800 };
    const { page, logIn } = await stage.visit({ colorScheme, locale, viewport, reducedMotion: 'reduce' });
    const found: Record<string, { barriers: string[]; sideways: boolean }> = {};
    const look = async (state: string) => {
      found[state] = { barriers: await barriers(page), sideways: await scrollsSideways(page) };
    };

    await page.goto('/login');
    await look('login');
    await page.fill('#user-id', USER.userId);
    await page.fill('#password', 'wrong');
    await page.click('#submit');
    await page.waitForSelector('#refusal:not(:empty)');
    await look('refused');

    await logIn(USER.userId, USER.password);
    await look('empty');
    await page.fill('#name', 'a name that is longer than any line 名称'.repeat(3));
    await page.press('#name', 'Enter');
    await page.waitForSelector('#tokens tbody tr');
    await page.hover('#copy');
    await look('made');
    await page.click('#tokens tbody button');
    await look('asked');
    await page.click('#yes');
    await page.waitForSelector('#told:not(:empty)');
    await look('revoked');

    const clean = { barriers: [], sideways: false };
    expect(found).toEqual({ login: clean, refused: clean, empty: clean, made: clean, asked: clean, revoked: clean });
  });
});
