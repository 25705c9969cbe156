import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { Stage } from './in-browser.js';

const PASSWORD = 'correct horse battery';

export function ownPassword(stage: Stage): void {
  describe('the page of the password', () => {
    const focused = (page: Page) => page.evaluate(() => document.activeElement?.id);
    const USER = { userId: 'carol', password: PASSWORD };
    const NEW = 'battery staple horse';
    const type = async (page: Page, oldPassword: string, newPassword: string) => {
      await page.fill('#old-password', oldPassword);
      await page.fill('#new-password', newPassword);
      await page.keyboard.press('Enter');
    };

    test('changes it, says what was wrong until then, and ends all other sessions', async () => {
      stage.expectComplaint(/status of 40[013]/);
      await stage.asAdmin('POST', '/auth/api/user/create', USER);
      const [{ page, logIn }, other] = [await stage.visit(), await stage.visit()];
      await other.logIn(USER.userId, USER.password);
      await logIn(USER.userId, USER.password);
      await page.getByRole('link', { name: 'Password' }).click();
      await page.waitForSelector('#own:not([hidden])');
      for (const [oldPassword, newPassword, complaint, field] of [
        ['', NEW, 'Enter your old password.', 'old-password'],
        [PASSWORD, '', 'Enter a new password.', 'new-password'],
        [PASSWORD, 'short', 'It needs 8 to 256 characters, and must not be one that many people use.', 'new-password'],
        [NEW, NEW, 'The old password is wrong.', 'old-password'],
      ] as const) {
        await type(page, oldPassword, newPassword);
        await page.waitForSelector(`#refusal:text-is("${complaint}")`);
        expect(await focused(page)).toBe(field);
        expect(await page.getAttribute(`#${field}`, 'aria-invalid')).toBe('true');
      }
      await type(page, PASSWORD, NEW);
      await page.waitForSelector('#told:text-is("Your password is changed.")');
      expect([await page.inputValue('#old-password'), await page.inputValue('#new-password')]).toEqual(['', '']);
      expect(await page.locator('[aria-invalid="true"]').count()).toBe(0);
      await page.goto('/tokens');
      await page.waitForSelector('#sessions tbody tr');
      expect(await page.locator('#sessions tbody tr').count()).toBe(1);
      await other.page.reload();
      await other.page.waitForURL('**/login?next=%2Ftokens');
      const logInWith = async (password: string) =>
        (await stage.api.call('POST', '/auth/api/user/login', { body: { ...USER, password } })).status;
      expect([await logInWith(PASSWORD), await logInWith(NEW)]).toEqual([401, 200]);
    });
  });
}
