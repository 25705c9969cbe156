/** The token under which Nest hands out the address where clients reach the API; null when nobody configured it. */
export const LINK_BASE = Symbol('link base');
