import { element } from './page.js';

const { lang } = document.documentElement;
// The reader's own region, if they read this language: dates look as they are used to.
const locale = navigator.languages.find((one) => one.slice(0, 2) === lang.slice(0, 2)) ?? lang;
const TIME = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });

/**
 * Fills a table with a copy of a template for each item, and shows it unless it is empty.
 * @template T
 * @param {string} table
 * @param {string} template
 * @param {readonly T[]} items
 * @param {(item: T, slot: (name: string) => HTMLElement) => void} fill
 */
export function showRows(table, template, items, fill) {
  const { content } = element(template, HTMLTemplateElement);
  const rows = items.map((item) => {
    const row = /** @type {DocumentFragment} */ (content.cloneNode(true));
    fill(item, (name) => {
      const found = row.querySelector(`[data-slot="${name}"]`);
      if (!(found instanceof HTMLElement)) throw new Error(`The template ${template} has no slot ${name}.`);
      return found;
    });
    return row;
  });
  const place = element(table, HTMLTableElement);
  place.tBodies[0]?.replaceChildren(...rows);
  place.hidden = items.length === 0;
}

/**
 * @param {HTMLElement} place a `time`
 * @param {string} date ISO 8601
 */
export function showTime(place, date) {
  place.setAttribute('datetime', date);
  place.textContent = TIME.format(new Date(date));
}
