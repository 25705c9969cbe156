import { call } from './api.js';
import { ask } from './ask.js';
import { browserName } from './browser-name.js';
import { doing } from './doing.js';
import { disclose } from './made-token.js';
import { element, mark, refuse, text } from './page.js';
import { showRows, showTime } from './rows.js';
import { done, openPage, unlessGone } from './user-page.js';

/**
 * @typedef {{ id: string, name: string | null, createdAt: string, expiresAt: string, lastUsedAt: string | null }} Token
 * @typedef {{ id: string, current: boolean, createdAt: string, address: string | null, userAgent: string | null }} Session
 */

const nameField = element('name', HTMLInputElement);

element('create', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  void doing(createToken);
});
openPage(() => Promise.all([showTokens(), showSessions()]));

async function showTokens() {
  /** @type {Token[]} */
  const tokens = await call('GET', 'auth/api/user/token/list');
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
  const made = await call('POST', 'auth/api/user/token/create', { name });
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
  await call('DELETE', `auth/api/user/token/${encodeURIComponent(id)}`).catch(unlessGone);
  await showTokens();
  done(text('revoked', { name }), 'tokens-title');
}

async function showSessions() {
  /** @type {Session[]} */
  const sessions = await call('GET', 'auth/api/user/session/list');
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
  await call('DELETE', `auth/api/user/session/${encodeURIComponent(id)}`).catch(unlessGone);
  await showSessions();
  done(text('ended'), 'sessions-title');
}
