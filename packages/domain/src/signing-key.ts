import type { BoxedSecret } from './boxed-secret.js';
import type { Brand } from './brand.js';

/** What tokens call the key that signed them: their `kid`. */
export type SigningKeyId = Brand<string, 'SigningKeyId'>;
/** An RSA key in clear: PKCS #8, DER, base64url. Whoever has it can sign in our name. */
export type PrivateKey = Brand<string, 'PrivateKey'>;

/** A key that ID tokens are signed with. It never changes: the time and the keys beside it say what it is good for. */
export interface SigningKey {
  readonly id: SigningKeyId;
  readonly privateKey: BoxedSecret;
  /** Milliseconds since 1970, UTC; so are all times here. */
  readonly createdAt: number;
  /** From then on it signs, until another one does. */
  readonly signsFrom: number;
}

const [HOUR, DAY] = [3_600_000, 86_400_000];

/** How long an ID token is good; milliseconds. */
export const ID_TOKEN_LIFE = HOUR;
/** Whoever verifies tokens may keep the published keys for so long without a look at them; milliseconds. */
export const KEYS_ARE_CACHED = DAY;
/** So long before it signs a key is published: as long as they are cached, and a day for machines that are late; milliseconds. */
export const PUBLISHED_BEFORE = KEYS_ARE_CACHED + DAY;
/** So long after the next one signs a key stays published: until what it signed last is over, and its copies too; milliseconds. */
export const PUBLISHED_AFTER = ID_TOKEN_LIFE + KEYS_ARE_CACHED;

/** `waiting`: published, does not sign yet. `replaced`: published, signs no more. `retired`: believed by nobody. */
export type SigningKeyState = 'waiting' | 'signing' | 'replaced' | 'retired';

/** A key with what it is good for at some moment. */
export interface JudgedSigningKey {
  readonly key: SigningKey;
  readonly state: SigningKeyState;
  /** When it is no longer published; null while nothing replaces it. */
  readonly retiresAt: number | null;
}

/** What each key is good for, in the order in which they sign. There is one that signs wherever there is one at all. */
export function judgeSigningKeys(keys: readonly SigningKey[], now: number): readonly JudgedSigningKey[] {
  const inOrder = keys.toSorted((one, other) => one.signsFrom - other.signsFrom || (one.id < other.id ? -1 : 1));
  // Where all are still to come, the clock that made them was ahead of ours.
  const signing = inOrder.findLast(({ signsFrom }) => signsFrom <= now) ?? inOrder[0];
  return inOrder.map((key, place) => {
    const next = inOrder[place + 1];
    const retiresAt = next ? next.signsFrom + PUBLISHED_AFTER : null;
    if (key === signing) return { key, state: 'signing', retiresAt };
    if (key.signsFrom > now) return { key, state: 'waiting', retiresAt };
    return { key, state: retiresAt !== null && retiresAt <= now ? 'retired' : 'replaced', retiresAt };
  });
}

/** All that is published: the one that signs comes first. */
export function publishedKeys(keys: readonly SigningKey[], now: number): readonly SigningKey[] {
  const judged = judgeSigningKeys(keys, now).filter(({ state }) => state !== 'retired');
  const isSigning = ({ state }: JudgedSigningKey): boolean => state === 'signing';
  return [...judged.filter(isSigning), ...judged.filter((each) => !isSigning(each))].map(({ key }) => key);
}

/** Nothing uses them any more. */
export function retiredKeys(keys: readonly SigningKey[], now: number): readonly SigningKey[] {
  return judgeSigningKeys(keys, now).flatMap(({ key, state }) => (state === 'retired' ? [key] : []));
}

/** Whether the next key is to be made, so that none signs for longer than that. Where none was ever needed, none is due. */
export function isNextKeyDue(keys: readonly SigningKey[], every: number, now: number): boolean {
  const newest = judgeSigningKeys(keys, now).at(-1);
  return newest?.state === 'signing' && newest.key.signsFrom + every - PUBLISHED_BEFORE <= now;
}

/** A key as it is made beside others: it is published first. The first of all signs at once, for nobody knows another. */
export function nextSigningKey(
  made: Pick<SigningKey, 'id' | 'privateKey'>,
  beside: readonly SigningKey[],
  now: number,
): SigningKey {
  const { id, privateKey } = made;
  return { id, privateKey, createdAt: now, signsFrom: beside.length === 0 ? now : now + PUBLISHED_BEFORE };
}
