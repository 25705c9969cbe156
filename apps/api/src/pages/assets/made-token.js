import { element, text } from './page.js';
import { tell } from './tell.js';

const panel = element('made', HTMLElement);
const token = element('token-text', HTMLElement);
const copy = element('copy', HTMLButtonElement);
const label = copy.textContent;

copy.addEventListener('click', () => void copyToken());
element('done', HTMLButtonElement).addEventListener('click', () => {
  forget();
  element('name', HTMLInputElement).focus();
});

/**
 * Shows a new token, the only time.
 * @param {string} name
 * @param {string} accessToken
 */
export function disclose(name, accessToken) {
  element('made-title', HTMLElement).textContent = text('made', { name });
  token.textContent = accessToken;
  copy.textContent = label;
  panel.hidden = false;
  copy.focus();
}

function forget() {
  token.textContent = '';
  panel.hidden = true;
}

async function copyToken() {
  const copied = await write();
  copy.textContent = copied ? text('copied') : label;
  if (!copied) tell(text('copyFailed'));
  // A label that changes is seen, but not heard.
  element('heard', HTMLElement).textContent = copied ? text('copied') : '';
}

/** Browsers keep the clipboard from pages that came without TLS; the older way works there as well. */
async function write() {
  try {
    await navigator.clipboard.writeText(token.textContent ?? '');
    return true;
  } catch {
    getSelection()?.selectAllChildren(token);
    return document.execCommand('copy');
  }
}
