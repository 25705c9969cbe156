import { call, Refused } from './api.js';
import { askAgain, isGiven, letShow } from './fields.js';
import { element, readyLanguages, mark, refuse, text } from './page.js';

const form = element('login', HTMLFormElement);
const userId = element('user-id', HTMLInputElement);
const password = element('password', HTMLInputElement);
const submit = element('submit', HTMLButtonElement);
const label = submit.textContent;
let busy = false;

readyLanguages();
// Without this script the form would lead nowhere.
form.hidden = false;
userId.focus();
letShow(password);
form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (!busy) void logIn();
});

async function logIn() {
  const claim = { userId: userId.value.trim(), password: password.value };
  if (!isGiven(userId, claim.userId, 'userIdEmpty') || !isGiven(password, claim.password, 'passwordEmpty')) return;
  show(true);
  try {
    await call('POST', 'auth/api/user/login', claim);
    // Out of the field: neither "back" nor a password that is shown shall find it there.
    form.reset();
    location.replace(next());
  } catch (error) {
    show(false);
    if (!(error instanceof Refused)) throw error;
    refuse(reasonOf(error));
    if (error.status !== 401) return;
    mark(userId, true);
    askAgain(password);
  }
}

/** @param {Refused} refused */
function reasonOf({ status, message }) {
  if (status === 401) return text('wrong');
  return status === 423 ? text('locked') : message;
}

/** @param {boolean} now */
function show(now) {
  busy = now;
  if (now) refuse('');
  // Not `disabled`: that would take the focus away from whoever pressed it with the keyboard.
  submit.setAttribute('aria-disabled', String(now));
  submit.textContent = now ? (submit.dataset['busy'] ?? label) : label;
}

/** Where the browser wanted to go before it was sent here; a place of this server, or the tokens. */
function next() {
  const wanted = new URLSearchParams(location.search).get('next') ?? '';
  const home = new URL('tokens', location.href);
  const given = URL.canParse(wanted, location.href) ? new URL(wanted, location.href) : home;
  const ours = wanted !== '' && given.origin === location.origin && given.protocol === location.protocol;
  const { pathname, search, hash } = ours ? given : home;
  // `//elsewhere` as a path would be a host.
  return pathname.startsWith('//') ? home.pathname : pathname + search + hash;
}
