import { element } from './page.js';

/** Milliseconds to read a line. */
const TOLD = 6000;
let told = 0;

/** A line at the edge of the page, for a moment; screen readers say it when they are silent. @param {string} line */
export function tell(line) {
  const place = element('told', HTMLElement);
  place.textContent = line;
  clearTimeout(told);
  told = setTimeout(() => (place.textContent = ''), TOLD);
}
