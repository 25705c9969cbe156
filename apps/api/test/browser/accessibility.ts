import { beforeAll, describe, expect, test } from '@jest/globals';
import { barriersOn, CLEAN, type Barriers } from './barriers.js';
import type { Stage } from './in-browser.js';

const USER = { userId: 'dora', password: 'correct horse battery' };

/** Every page and what it says, to whoever sees and types differently. */
export function accessibility(stage: Stage): void {
  describe('the pages', () => {
    beforeAll(() => stage.asAdmin('POST', '/auth/api/user/create', USER).then(() => undefined));

    test.each([
      ['light', 1200, 'en-US'],
      ['dark', 320, 'zh-CN'],
    ] as const)('keep nothing from anybody: %s, %i pixels wide, %s', async (colorScheme, width, locale) => {
      stage.expectComplaint(/status of 401/);
      const viewport = { width, height: 800 };
      const { page, logIn } = await stage.visit({ colorScheme, locale, viewport, reducedMotion: 'reduce' });
      const found: Record<string, Barriers> = {};
      const look = async (state: string) => {
        found[state] = await barriersOn(page);
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
      await page.click('#pages a[href="password"]');
      await page.waitForSelector('#own:not([hidden])');
      await page.click('#change button');
      await look('password');

      const states = ['login', 'refused', 'empty', 'made', 'asked', 'revoked', 'password'];
      expect(found).toEqual(Object.fromEntries(states.map((state) => [state, CLEAN])));
    });
  });
}
