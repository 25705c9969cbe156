const SECRETS: readonly [pattern: RegExp, shown: string][] = [
  // Secret keys and access tokens, by the form that was made for finding them.
  [/\b(csk|cat)_[0-9A-Za-z]{49}/g, '$1_*****'],
  // Credentials in the form of an Authorization header.
  [/\b(Platform|Basic|Bearer) [\w+/=.~-]{16,}/gi, '$1 *****'],
  [/\b(access_token=)[^&\s"'\\]+/gi, '$1*****'],
  // The password of a database address.
  [/(:\/\/[^\s/:@"']*:)[^\s/"']+@/g, '$1*****@'],
];

/** The text without what looks like a secret. A second net: nobody is to rely on it and log one. */
export function withoutSecrets(text: string): string {
  return SECRETS.reduce((clean, [pattern, shown]) => clean.replace(pattern, shown), text);
}
