import { Refused } from './api.js';
import { refuse } from './page.js';

/**
 * Whatever a page does that needs somebody: whoever is no longer logged in is sent to log in, and comes back.
 * @param {() => Promise<void>} deed
 */
export async function doing(deed) {
  refuse('');
  try {
    await deed();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.status === 401) location.replace(`login?next=${encodeURIComponent(location.pathname)}`);
    else refuse(error.message);
  }
}

let busy = false;

/** The same, unless such a one is still being done. @param {() => Promise<void>} deed */
export function doingOne(deed) {
  if (busy) return;
  busy = true;
  void doing(deed).finally(() => (busy = false));
}
