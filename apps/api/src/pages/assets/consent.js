import { call } from './api.js';
import { doingOne } from './doing.js';
import { element, readyLanguages, text } from './page.js';
import { listScopes } from './scopes.js';

/**
 * What the server tells of the application that asks.
 * @typedef {{ appId: string, owner: string, homepageHost: string, redirectHost: string, avatarUrl: string | null,
 *   scope: string[], userId: string, given: boolean }} Asked
 */

readyLanguages();
element('allow', HTMLButtonElement).addEventListener('click', () => doingOne(() => decide(true)));
element('deny', HTMLButtonElement).addEventListener('click', () => doingOne(() => decide(false)));
doingOne(showRequest);

async function showRequest() {
  /** @type {Asked} */
  const asked = await call('GET', 'consent/request');
  // What was agreed to before is not asked again.
  if (asked.given) return decide(true);
  element('why', HTMLElement).textContent = text('why', { appId: asked.appId });
  element('owner', HTMLElement).textContent = asked.owner;
  element('homepage', HTMLElement).textContent = asked.homepageHost;
  element('redirect', HTMLElement).textContent = asked.redirectHost;
  element('as', HTMLElement).textContent = text('as', { userId: asked.userId });
  listScopes(element('scopes', HTMLElement), asked.scope);
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
  const { location: next } = await call('POST', 'consent/decision', { allow });
  location.assign(next);
}
