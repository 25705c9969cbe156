import { ask, Refused } from './api.js';
import { element, readyLanguages, refuse, text } from './page.js';

/**
 * What the server tells of the application that asks.
 * @typedef {{ appId: string, owner: string, homepageHost: string, redirectHost: string, scope: string[],
 *   userId: string, given: boolean }} Asked
 */

let busy = false;

readyLanguages();
for (const [id, allow] of /** @type {const} */ ([
  ['allow', true],
  ['deny', false],
]))
  document.getElementById(id)?.addEventListener('click', () => void doing(() => decide(allow)));
void doing(showRequest);

/** One deed at a time; whoever is not logged in is sent to log in and comes back. @param {() => Promise<void>} deed */
async function doing(deed) {
  if (busy) return;
  busy = true;
  refuse('');
  try {
    await deed();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.status === 401) location.replace('login?next=consent');
    else refuse(error.message);
  } finally {
    busy = false;
  }
}

async function showRequest() {
  /** @type {Asked} */
  const asked = await ask('GET', 'consent/request');
  // What was agreed to before is not asked again.
  if (asked.given) return decide(true);
  element('why', HTMLElement).textContent = text('why', { appId: asked.appId });
  element('owner', HTMLElement).textContent = asked.owner;
  element('homepage', HTMLElement).textContent = asked.homepageHost;
  element('redirect', HTMLElement).textContent = asked.redirectHost;
  element('as', HTMLElement).textContent = text('as', { userId: asked.userId });
  const words = asked.scope.map((scope) => text(scope.toLowerCase()));
  element('scopes', HTMLElement).replaceChildren(...(words.length > 0 ? words : [text('nothing')]).map(item));
  element('request', HTMLElement).hidden = false;
}

/** @param {boolean} allow */
async function decide(allow) {
  const { location: next } = await ask('POST', 'consent/decision', { allow });
  location.assign(next);
}

/** @param {string} words */
function item(words) {
  const line = document.createElement('li');
  line.textContent = words;
  return line;
}
