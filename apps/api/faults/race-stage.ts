import type { Platform } from '@claviger/application';
import { OPERATOR, PlatformError, type Account, type KeyPair } from '@claviger/domain';
import type { Action, Model } from './account-model.js';

export const APPS = ['one', 'other'];
const WEB = { homepageUrl: 'https://app.example/', redirectUri: 'https://app.example/back', scope: ['PROJECT'] };

/** An action, the name of what it makes, and what it was answered. */
export interface Answered {
  readonly action: Action;
  readonly made: string;
  readonly answer: string;
}

export type Stage = ReturnType<typeof openStage>;

/** Two platforms over one database, and the accounts of one run in it. */
export function openStage(platforms: readonly Platform[], run: string, counts: { acted(): void; raced(): void }) {
  const [first] = platforms;
  if (!first) throw new Error('There is no platform.');
  const pairs = new Map<string, KeyPair>();
  let [at, changes] = [0, 0];
  const appId = (app: string) => `${run}-${at % 3 === 0 ? app.toUpperCase() : app}`;
  const note = (made: string, keyPairs: readonly KeyPair[], account: Pick<Account, 'credentials'>) => {
    for (const pair of keyPairs) {
      const type = account.credentials.find(({ accessKey }) => accessKey === pair.accessKey)?.grantType;
      if (type) pairs.set(`${made} ${type}`, pair);
    }
  };

  /** The answer in the words of the model. */
  const answerTo = async (platform: Platform, action: Action, made: string): Promise<string> => {
    const app = appId(action.app);
    const key = 'key' in action ? pairs.get(action.key) : undefined;
    const accessKey = key?.accessKey ?? 'cak_none';
    const named = { appId: app, accessKey };
    if (action.kind === 'create' || action.kind === 'amend') {
      const change = action.kind === 'create' ? platform.createAccount : platform.updateAccount;
      const { account, keyPairs } = await change(OPERATOR, {
        appId: app,
        authorizationGrantTypes: action.types,
        ...WEB,
      });
      note(made, keyPairs, account);
    } else if (action.kind === 'issue' || action.kind === 'rotate') {
      const { credential, secretKey } =
        action.kind === 'issue'
          ? await platform.createCredential(OPERATOR, { appId: app, type: action.type })
          : await platform.rotateCredential(OPERATOR, named);
      pairs.set(made, { accessKey: credential.accessKey, secretKey });
    } else if (action.kind === 'check') {
      const secretKey = key?.secretKey ?? 'csk_none';
      const { valid, because } = await platform.checkCredential(OPERATOR, { accessKey, secretKey });
      return valid ? 'good' : String(because);
    } else if (action.kind === 'delete') await platform.deleteAccount(OPERATOR, named);
    else if (action.kind === 'lock') await platform.lockAccount(OPERATOR, { appId: app, locked: action.locked });
    else if (action.kind === 'withdraw') await platform.deleteCredential(OPERATOR, named);
    else if (action.kind === 'roll back') await platform.rollBackRotation(OPERATOR, named);
    else {
      const status = action.enabled ? 'ENABLE' : 'DISABLE';
      await platform.changeCredentialStatus(OPERATOR, { ...named, status });
    }
    return 'done';
  };

  return {
    /** Of all keys that there ever were in this run; each begins with its account. */
    names: () => [...pairs.keys()],
    changes: () => changes,
    actAtOnce: async (actions: readonly Action[]): Promise<readonly Answered[]> => {
      if (actions.length > 1) counts.raced();
      const asking = actions.map(async (action): Promise<Answered> => {
        const made = `${action.app} ${at++}`;
        const answer = await answerTo(platforms[at % platforms.length] ?? first, action, made).catch(
          (error: unknown) => {
            if (error instanceof PlatformError) return error.code;
            throw error;
          },
        );
        if (answer === 'done') {
          changes++;
          counts.acted();
        }
        return { action, made, answer };
      });
      return Promise.all(asking);
    },
    /** What is in the database, in the words of the model. */
    look: async (): Promise<Model> => {
      const names = new Map([...pairs].map(([name, { accessKey }]) => [accessKey as string, name]));
      const nameOf = (accessKey: string) => names.get(accessKey) ?? accessKey;
      const found: Record<string, Model[string]> = {};
      for (const app of APPS) {
        const account = await first.showAccount(OPERATOR, { appId: `${run}-${app}` }).catch(() => null);
        if (!account) continue;
        const keys = account.credentials.map(({ accessKey, grantType: type, status, superseded }) => [
          nameOf(accessKey),
          { type, enabled: status === 'ENABLE', supersededBy: superseded ? nameOf(superseded.by) : null },
        ]);
        found[app] = { locked: account.locked, keys: Object.fromEntries(keys) as Model[string]['keys'] };
      }
      return found;
    },
    /** How many changes of this run the audit tells of. */
    told: async (): Promise<number> => {
      let count = 0;
      const { records } = await first.listAudit(OPERATOR, {});
      for await (const { subject } of records) if (subject.name.toLowerCase().startsWith(`${run}-`)) count++;
      return count;
    },
  };
}
