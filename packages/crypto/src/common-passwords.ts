/** What guessers try first at this service and nowhere else (NIST SP 800-63B, 3.1.1.2). */
const OWN_NAME = 'claviger';

let list: Promise<ReadonlySet<string>> | undefined;

/** Whether it is on the list that zxcvbn keeps of leaked passwords, in any letter case. */
export async function isCommonPassword(password: string): Promise<boolean> {
  return (await (list ??= load())).has(password.toLowerCase());
}

/** Half a megabyte, loaded by the first who sets a password. */
async function load(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set([OWN_NAME, ...dictionary['passwords-common'].map((password) => password.toLowerCase())]);
}
