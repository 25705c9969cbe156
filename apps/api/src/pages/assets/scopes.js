import { text } from './page.js';

/**
 * What an application may do, or asks for, in words.
 * @param {HTMLElement} list
 * @param {readonly string[]} scopes
 */
export function listScopes(list, scopes) {
  const words = scopes.map((scope) => text(scope.toLowerCase()));
  list.replaceChildren(...(words.length > 0 ? words : [text('nothing')]).map(item));
}

/** @param {string} words */
function item(words) {
  const line = document.createElement('li');
  line.textContent = words;
  return line;
}
