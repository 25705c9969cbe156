/** Bytes of all headers and the first line together. */
export const MAX_HEADER_SIZE = 16 * 1024;
/** Characters of path and query. */
export const MAX_URL_LENGTH = 8 * 1024;
/** How deep objects and lists may lie in one another. */
export const MAX_JSON_DEPTH = 32;
