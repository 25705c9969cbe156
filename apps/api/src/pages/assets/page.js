// What the pages' scripts share: the elements of the page, and its texts, which the server put into it in one language.

/**
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function element(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`The page has no ${kind.name} with the id ${id}.`);
  return found;
}

/**
 * A text of the page, its braces filled in.
 * @param {string} name as in `data-too-many`: `tooMany`
 * @param {Readonly<Record<string, string | number>>} [values]
 */
export function text(name, values = {}) {
  const found = document.body.dataset[name];
  if (found === undefined) throw new Error(`The page has no text ${name}.`);
  return found.replace(/\{(\w+)\}/g, (whole, value) => String(values[value] ?? whole));
}

/** Where the page says why something did not work; screen readers say it at once. @param {string} reason */
export function refuse(reason) {
  const place = element('refusal', HTMLElement);
  // Said again when it is the same again.
  place.textContent = '';
  place.textContent = reason;
}

/**
 * Whether a field is what was refused.
 * @param {HTMLInputElement} field
 * @param {boolean} wrong
 */
export function mark(field, wrong) {
  field.setAttribute('aria-invalid', String(wrong));
  if (wrong) field.setAttribute('aria-errormessage', 'refusal');
  else field.removeAttribute('aria-errormessage');
}

/** The links to the same page in another language keep what else the address says. */
export function readyLanguages() {
  for (const link of document.querySelectorAll('a[hreflang]')) {
    const query = new URLSearchParams(location.search);
    query.set('lang', link.getAttribute('hreflang')?.slice(0, 2) ?? 'en');
    link.setAttribute('href', `?${query}`);
    if (link.getAttribute('hreflang') === document.documentElement.lang) link.setAttribute('aria-current', 'true');
  }
}
