import { element } from './page.js';

const dialog = element('question', HTMLDialogElement);
const yes = element('yes', HTMLButtonElement);

element('no', HTMLButtonElement).addEventListener('click', () => dialog.close());
yes.addEventListener('click', () => dialog.close('yes'));
// Beside the question is "no".
dialog.addEventListener('click', ({ target }) => {
  if (target === dialog) dialog.close();
});

/**
 * Asks before something that cannot be undone. The browser gives the focus back to where it was.
 * @param {{ title: string, what: string, yes: string }} question
 * @returns {Promise<boolean>}
 */
export function ask(question) {
  element('question-title', HTMLElement).textContent = question.title;
  element('question-what', HTMLElement).textContent = question.what;
  yes.textContent = question.yes;
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true }),
  );
}
