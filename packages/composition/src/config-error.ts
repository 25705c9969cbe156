/** The configuration cannot be used. One line: it names the key, says what it must be and never what it is. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
