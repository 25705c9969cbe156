import { call, Refused } from './api.js';
import { doingOne } from './doing.js';
import { askAgain, isGiven, letShow } from './fields.js';
import { element, text } from './page.js';
import { tell } from './tell.js';
import { openPage } from './user-page.js';

const form = element('change', HTMLFormElement);
const oldPassword = element('old-password', HTMLInputElement);
const newPassword = element('new-password', HTMLInputElement);
// Browsers that keep passwords look for whose it is.
const userId = element('user-id', HTMLInputElement);

openPage(async (self) => void (userId.value = self.userId));
letShow(oldPassword, newPassword);
form.addEventListener('submit', (event) => {
  event.preventDefault();
  doingOne(change);
});

async function change() {
  const given = { oldPassword: oldPassword.value, newPassword: newPassword.value };
  if (!isGiven(oldPassword, given.oldPassword, 'oldPasswordEmpty')) return;
  if (!isGiven(newPassword, given.newPassword, 'newPasswordEmpty')) return;
  await call('PUT', 'auth/api/user/password', given).catch(refused);
  // That has ended every session, this browser's too.
  await call('POST', 'auth/api/user/login', { userId: userId.value, password: given.newPassword });
  for (const field of [oldPassword, newPassword]) field.value = '';
  tell(text('passwordChanged'));
}

/** @param {unknown} error */
function refused(error) {
  if (!(error instanceof Refused)) throw error;
  if (error.status === 403) askAgain(oldPassword);
  if (error.status !== 400) throw error;
  askAgain(newPassword);
  // What the service says of it names the field as programs do.
  throw new Refused(error.status, text('newPasswordRule'));
}
