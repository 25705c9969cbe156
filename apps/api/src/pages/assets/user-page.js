import { call, Refused } from './api.js';
import { doing } from './doing.js';
import { element, readyLanguages } from './page.js';
import { tell } from './tell.js';

// What the pages have in common for whoever is logged in.

/**
 * @typedef {{ userId: string, name: string | null, admin: boolean }} Self
 * @param {(self: Self) => Promise<unknown>} show fills the page, once it is known whose it is
 */
export function openPage(show) {
  readyLanguages();
  for (const link of document.querySelectorAll('#pages a'))
    if (link instanceof HTMLAnchorElement && link.pathname === location.pathname)
      link.setAttribute('aria-current', 'page');
  element('log-out', HTMLButtonElement).addEventListener('click', () => void doing(logOut));
  void doing(async () => {
    await show(await showUser());
  });
}

async function showUser() {
  /** @type {Self} */
  const self = await call('GET', 'auth/api/user/info');
  const { userId, name, admin } = self;
  element('user', HTMLElement).textContent = name ? `${name} (${userId})` : userId;
  element('admin', HTMLElement).hidden = !admin;
  for (const id of ['who', 'log-out', 'own']) element(id, HTMLElement).hidden = false;
  return self;
}

async function logOut() {
  await call('POST', 'auth/api/user/logout');
  location.replace('login');
}

/** What somebody else ended meanwhile is ended. @param {unknown} error */
export function unlessGone(error) {
  if (!(error instanceof Refused) || error.status !== 404) throw error;
}

/**
 * Says what was done; the focus goes to where the row was, for its button is gone.
 * @param {string} line
 * @param {string} title
 */
export function done(line, title) {
  tell(line);
  element(title, HTMLElement).focus();
}
