import type { GrantType } from '@claviger/domain';

/** Something that is done to an account. Keys have names of the model's own. */
export type Action =
  | { readonly kind: 'create'; readonly app: string; readonly types: readonly GrantType[] }
  | { readonly kind: 'amend'; readonly app: string; readonly types: readonly GrantType[] }
  | { readonly kind: 'delete'; readonly app: string }
  | { readonly kind: 'lock'; readonly app: string; readonly locked: boolean }
  | { readonly kind: 'issue'; readonly app: string; readonly type: GrantType }
  | { readonly kind: 'withdraw'; readonly app: string; readonly key: string }
  | { readonly kind: 'rotate'; readonly app: string; readonly key: string }
  | { readonly kind: 'roll back'; readonly app: string; readonly key: string }
  | { readonly kind: 'check'; readonly app: string; readonly key: string }
  | { readonly kind: 'status'; readonly app: string; readonly key: string; readonly enabled: boolean };

export interface ModelKey {
  readonly type: GrantType;
  readonly enabled: boolean;
  /** The key that takes its place. */
  readonly supersededBy: string | null;
}

export interface ModelAccount {
  readonly locked: boolean;
  readonly keys: Readonly<Record<string, ModelKey>>;
}

/** Accounts by name in lower case: all that the rules of accounts and keys are about, as simply as it can be said. */
export type Model = Readonly<Record<string, ModelAccount>>;

const MOST_LIVE = 5;

/** What an action makes of the model and answers: `done`, a verdict, or the code of its refusal. @param made names what it makes */
export function act(model: Model, action: Action, made: string): readonly [Model, string] {
  const account = model[action.app];
  const refuse = (code: string) => [model, code] as const;
  const save = (after: ModelAccount) => [{ ...model, [action.app]: after }, 'done'] as const;
  if (action.kind === 'create') {
    if (account) return refuse('account_exists');
    return save({ locked: false, keys: keysFor(action.types, made) });
  }
  if (action.kind === 'check') return refuse(verdictOn(account, action.key));
  if (!account) return refuse('account_missing');
  const { keys } = account;
  const has = (type: GrantType) => Object.values(keys).filter((key) => key.type === type).length;
  const isFull = (type: GrantType) =>
    Object.values(keys).filter((key) => key.type === type && key.enabled).length >= MOST_LIVE;
  if (action.kind === 'delete') return [without(model, action.app), 'done'];
  if (action.kind === 'lock') return save({ ...account, locked: action.locked });
  if (action.kind === 'amend') {
    const staying = Object.entries(keys).filter(([, key]) => action.types.includes(key.type));
    const added = keysFor(
      action.types.filter((type) => has(type) === 0),
      made,
    );
    return save({ ...account, keys: { ...Object.fromEntries(staying), ...added } });
  }
  if (action.kind === 'issue') {
    if (has(action.type) === 0) return refuse('grant_type_absent');
    if (isFull(action.type)) return refuse('too_many_credentials');
    return save({ ...account, keys: { ...keys, [made]: fresh(action.type) } });
  }
  const key = keys[action.key];
  if (!key) return refuse('credential_missing');
  const withKey = (changed: ModelKey) => ({ ...keys, [action.key]: changed });
  if (action.kind === 'withdraw')
    return has(key.type) === 1 ? refuse('credential_is_last') : save({ ...account, keys: without(keys, action.key) });
  if (action.kind === 'status') {
    if (action.enabled && !key.enabled && isFull(key.type)) return refuse('too_many_credentials');
    return save({ ...account, keys: withKey({ ...key, enabled: action.enabled }) });
  }
  if (action.kind === 'rotate') {
    if (key.supersededBy !== null) return refuse('rotation_in_progress');
    if (!key.enabled) return refuse('credential_not_live');
    if (isFull(key.type)) return refuse('too_many_credentials');
    return save({ ...account, keys: { ...withKey({ ...key, supersededBy: made }), [made]: fresh(key.type) } });
  }
  if (key.supersededBy === null) return refuse('rotation_missing');
  if (!key.enabled) return refuse('credential_not_live');
  return save({ ...account, keys: without(withKey({ ...key, supersededBy: null }), key.supersededBy) });
}

function without<T>(record: Readonly<Record<string, T>>, name: string): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).filter(([each]) => each !== name));
}

function verdictOn(account: ModelAccount | undefined, name: string): string {
  const key = account?.keys[name];
  if (!account || !key) return 'unknown';
  if (!key.enabled) return 'disabled';
  return account.locked ? 'account_locked' : 'good';
}

/** Those of an account that is opened, or that an amendment brings: one for each type. */
function keysFor(types: readonly GrantType[], made: string): Record<string, ModelKey> {
  return Object.fromEntries(types.map((type) => [`${made} ${type}`, fresh(type)]));
}

function fresh(type: GrantType): ModelKey {
  return { type, enabled: true, supersededBy: null };
}
