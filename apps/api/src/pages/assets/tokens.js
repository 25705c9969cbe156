import { call, Refused } from './api.js';
import { ask } from './ask.js';
import { browserName } from './browser-name.js';
import { disclose } from './made-token.js';
import { element, readyLanguages, mark, refuse, text } from './page.js';
import { showRows, showTime } from './rows.js';
import { tell } from './tell.js';

/**
 * @typedef {{ id: string, name: string | null, createdAt: string, expiresAt: string, lastUsedAt: string | null }} Token
 * @typedef {{ id: string, current: boolean, createdAt: string, address: string | null, userAgent: string | null }} Session
 */

const nameField = element('name', HTMLInputElement);

readyLanguages();
element('create', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  void doing(createToken);
});
element('log-out', HTMLButtonElement).addEventListener('click', () => void doing(logOut));
void doing(async () => {
  await showUser();
  await Promise.all([showTokens(), showSessions()]);
});

/** Whatever the page does: whoever is no longer logged in is sent to log in. @param {() => Promise<void>} deed */
async function doing(deed) {
  refuse('');
  try {
    await deed();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.status === 401) location.replace(`login?next=${encodeURIComponent(location.pathname)}`);
    else refuse(error.message);
  }
}

async function showUser() {
  /** @type {{ userId: string, name: string | null, admin: boolean }} */
  const { userId, name, admin } = await call('GET', 'info');
  element('user', HTMLElement).textContent = name ? `${name} (${userId})` : userId;
  element('admin', HTMLElement).hidden = !admin;
  for (const id of ['who', 'log-out', 'own']) element(id, HTMLElement).hidden = false;
}

async function logOut() {
  await call('POST', 'logout');
  location.replace('login');
}

async function showTokens() {
  /** @type {Token[]} */
  const tokens = await call('GET', 'token/list');
  element('tokens-loading', HTMLElement).hidden = true;
  element('no-tokens', HTMLElement).hidden = tokens.length > 0;
  showRows('tokens', 'token', tokens.toReversed(), (token, slot) => {
    const name = token.name ?? text('fetched');
    slot('name').textContent = name;
    slot('name').classList.toggle('quiet', token.name === null);
    slot('expired').hidden = Date.parse(token.expiresAt) > Date.now();
    showTime(slot('created'), token.createdAt);
    showTime(slot('expires'), token.expiresAt);
    if (token.lastUsedAt === null) slot('used').textContent = text('never');
    else showTime(slot('used'), token.lastUsedAt);
    slot('revoke').setAttribute('aria-label', text('revokeNamed', { name }));
    slot('revoke').addEventListener('click', () => void doing(() => revokeToken(token.id, name)));
  });
}

async function createToken() {
  const name = nameField.value.trim();
  mark(nameField, name === '');
  if (name === '') {
    refuse(text('nameEmpty'));
    nameField.focus();
    return;
  }
  /** @type {Token & { accessToken: string }} */
  const made = await call('POST', 'token/create', { name });
  nameField.value = '';
  disclose(name, made.accessToken);
  await showTokens();
}

/**
 * @param {string} id
 * @param {string} name
 */
async function revokeToken(id, name) {
  const title = text('revokeToken', { name });
  if (!(await ask({ title, what: text('revokeTokenWhat'), yes: text('revoke') }))) return;
  await call('DELETE', `token/${encodeURIComponent(id)}`).catch(unlessGone);
  await showTokens();
  done(text('revoked', { name }), 'tokens-title');
}

async function showSessions() {
  /** @type {Session[]} */
  const sessions = await call('GET', 'session/list');
  const currentFirst = sessions.toReversed().toSorted((a, b) => Number(b.current) - Number(a.current));
  showRows('sessions', 'session', currentFirst, (session, slot) => {
    const name = browserName(session.userAgent);
    slot('browser').textContent = name;
    slot('browser').title = session.userAgent ?? '';
    slot('current').hidden = !session.current;
    slot('address').textContent = session.address ?? '–';
    showTime(slot('since'), session.createdAt);
    // One's own is ended by logging out.
    slot('end').hidden = session.current;
    slot('end').setAttribute('aria-label', text('endNamed', { name, since: slot('since').textContent ?? '' }));
    slot('end').addEventListener('click', () => void doing(() => endSession(session.id, name)));
  });
}

/**
 * @param {string} id
 * @param {string} name
 */
async function endSession(id, name) {
  const what = text('endSessionWhat', { name });
  if (!(await ask({ title: text('endSession'), what, yes: text('end') }))) return;
  await call('DELETE', `session/${encodeURIComponent(id)}`).catch(unlessGone);
  await showSessions();
  done(text('ended'), 'sessions-title');
}

/** What somebody else ended meanwhile is ended. @param {unknown} error */
function unlessGone(error) {
  if (!(error instanceof Refused) || error.status !== 404) throw error;
}

/**
 * Says what was done; the focus goes to where the row was, for its button is gone.
 * @param {string} line
 * @param {string} title
 */
function done(line, title) {
  tell(line);
  element(title, HTMLElement).focus();
}
