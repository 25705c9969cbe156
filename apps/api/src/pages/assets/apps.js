import { call } from './api.js';
import { ask } from './ask.js';
import { doing } from './doing.js';
import { element, text } from './page.js';
import { showRows, showTime } from './rows.js';
import { listScopes } from './scopes.js';
import { done, openPage, unlessGone } from './user-page.js';

/**
 * An account, and what the user let it do.
 * @typedef {{ appId: string, owner: string, homepageUrl: string | null,
 *   authorization: { scope: string[], grantedAt: string, lastUsedAt: string | null } }} App
 */

openPage(showApps);

async function showApps() {
  /** @type {App[]} */
  const apps = await call('GET', 'auth/api/account/authorized/list');
  const newestFirst = apps.toSorted((a, b) => b.authorization.grantedAt.localeCompare(a.authorization.grantedAt));
  element('apps-loading', HTMLElement).hidden = true;
  element('no-apps', HTMLElement).hidden = apps.length > 0;
  showRows('apps', 'app', newestFirst, ({ appId, owner, homepageUrl, authorization }, slot) => {
    slot('name').textContent = appId;
    slot('homepage').textContent = homepageUrl !== null && URL.canParse(homepageUrl) ? new URL(homepageUrl).host : '';
    slot('owner').textContent = owner;
    listScopes(slot('scopes'), authorization.scope);
    showTime(slot('since'), authorization.grantedAt);
    if (authorization.lastUsedAt === null) slot('used').textContent = text('never');
    else showTime(slot('used'), authorization.lastUsedAt);
    slot('uninstall').setAttribute('aria-label', text('uninstallNamed', { appId }));
    slot('uninstall').addEventListener('click', () => void doing(() => uninstall(appId)));
  });
}

/** @param {string} appId */
async function uninstall(appId) {
  const title = text('uninstallApp', { appId });
  if (!(await ask({ title, what: text('uninstallAppWhat'), yes: text('uninstall') }))) return;
  await call('DELETE', `auth/api/account/uninstall/${encodeURIComponent(appId)}`).catch(unlessGone);
  await showApps();
  done(text('uninstalled', { appId }), 'apps-title');
}
