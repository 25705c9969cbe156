import { fieldInvalid, type Passwords } from '@claviger/domain';

/** The other half of the password rules: what guessers try first is refused (NIST SP 800-63B, 3.1.1.2). */
export async function demandUncommon(passwords: Passwords, password: string, field = 'password'): Promise<void> {
  if (await passwords.isCommon(password)) throw fieldInvalid(field, 'too_common');
}
