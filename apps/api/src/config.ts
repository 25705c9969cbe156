/** The token under which Nest hands out the configuration. */
export const CONFIG = Symbol('config');
