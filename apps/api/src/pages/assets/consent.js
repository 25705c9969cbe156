import { call, Refused } from './api.js';
import { doingOne } from './doing.js';
import { element, readyLanguages, text } from './page.js';
import { listScopes } from './scopes.js';

/**
 * What the server tells of the application that asks.
 * @typedef {{ id: string, appId: string, owner: string, homepageHost: string, redirectHost: string, avatarUrl: string | null,
 *   scope: string[], userId: string, given: boolean }} Asked
 */

/** What is shown, so that nothing else is agreed to. */
let shown = '';

readyLanguages();
element('allow', HTMLButtonElement).addEventListener('click', () => doingOne(() => decide(true)));
element('deny', HTMLButtonElement).addEventListener('click', () => doingOne(() => decide(false)));
doingOne(showRequest);

async function showRequest() {
  /** @type {Asked} */
  const asked = await call('GET', 'consent/request');
  shown = asked.id;
  // What was agreed to before is not asked again.
  if (asked.given) return decide(true);
  element('why', HTMLElement).textContent = text('why', { appId: asked.appId });
  element('owner', HTMLElement).textContent = asked.owner;
  element('homepage', HTMLElement).textContent = asked.homepageHost;
  element('redirect', HTMLElement).textContent = asked.redirectHost;
  element('as', HTMLElement).textContent = text('as', { userId: asked.userId });
  // Whoever acts for somebody knows for whom, whether it asks for that or not.
  listScopes(element('scopes', HTMLElement), ['openid', ...asked.scope.filter((scope) => scope !== 'openid')]);
  if (asked.avatarUrl !== null) showAvatar(asked.avatarUrl);
  element('request', HTMLElement).hidden = false;
}

/**
 * The application's own server learns of this, which has sent the browser here itself. Nothing of ours is shown so: the
 * browser would ask us with the user's session, and what changes something would change it.
 * @param {string} address
 */
function showAvatar(address) {
  if (new URL(address).origin === location.origin) return;
  const avatar = element('avatar', HTMLImageElement);
  avatar.addEventListener('load', () => (avatar.hidden = false));
  avatar.addEventListener('error', () => (avatar.hidden = true));
  avatar.src = address;
}

/** @param {boolean} allow */
async function decide(allow) {
  try {
    const { location: next } = await call('POST', 'consent/decision', { id: shown, allow });
    location.assign(next);
  } catch (error) {
    // Another application asked meanwhile: now that is shown, and why.
    if (error instanceof Refused && error.status === 409) await showRequest();
    throw error;
  }
}
