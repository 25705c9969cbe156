/** @param Key what the list is sorted by; `after` is the last one of the page before. */
export interface Page<Key> {
  readonly limit: number;
  readonly after: Key | null;
}
