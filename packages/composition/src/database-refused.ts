/** The database is not there, or cannot be used as it is. One line for the operator, without a secret. */
export class DatabaseRefused extends Error {
  override readonly name = 'DatabaseRefused';
}
