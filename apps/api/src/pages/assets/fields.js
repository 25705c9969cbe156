import { element, mark, refuse, text } from './page.js';

/**
 * Whether there is something in a field; otherwise the page says what is missing.
 * @param {HTMLInputElement} field
 * @param {string} value
 * @param {string} complaint
 */
export function isGiven(field, value, complaint) {
  mark(field, value === '');
  if (value !== '') return true;
  refuse(text(complaint));
  field.focus();
  return false;
}

/** Marks a field whose content was refused, ready to be typed anew. @param {HTMLInputElement} field */
export function askAgain(field) {
  mark(field, true);
  field.focus();
  field.select();
}

/** The page's checkbox shows what is typed. @param {HTMLInputElement[]} passwords */
export function letShow(...passwords) {
  const box = element('show-password', HTMLInputElement);
  box.addEventListener('change', () => {
    for (const field of passwords) field.type = box.checked ? 'text' : 'password';
  });
}
