import type { GrantType } from '@claviger/domain';
import { PASSWORD } from './known-user.js';
import { accountStatement, type Cast, type Proof, type Things } from './permission-cast.js';

/** How a call of the table is made; what is left out is as in most. */
export interface Recipe {
  /** The types of the owner's account. */
  readonly grants?: readonly GrantType[];
  readonly locked?: true;
  readonly rotated?: true;
  /** Parts of the path that are others than the owner's. */
  readonly parts?: (cast: Cast) => Partial<Things>;
  readonly query?: string;
  readonly body?: (things: Things) => unknown;
  /** A body as the protocol of authorization has it. */
  readonly form?: (things: Things) => Readonly<Record<string, string>>;
  /** An application has sent the caller's browser here, to be asked for consent. */
  readonly asked?: true;
  /** How users come. */
  readonly by?: readonly Proof[];
  /** The number of the error with which users hear 403, where it is not that they are no admin. */
  readonly forbidden?: number;
}

const CODE: readonly GrantType[] = ['AUTHORIZATION_CODE'];
const PLATFORM: readonly GrantType[] = ['PLATFORM'];

const state =
  (grants: readonly GrantType[], more: { scope?: readonly string[]; suffix?: string; locked?: boolean } = {}) =>
  ({ appId }: Things) => ({
    ...accountStatement(`${appId}${more.suffix ?? ''}`, grants, more.scope),
    ...(more.locked === undefined ? {} : { locked: more.locked }),
  });
const noSuchKey = ({ things }: Cast) => ({ accessKey: `${things.accessKey}x` });
/** A platform with SYSTEM has more to say here than the user whom it names. */
const THEMSELVES: readonly Proof[] = ['token', 'session'];
const itsWebhook = ({ webhookId }: Cast) => ({ id: webhookId });
const globalWebhook = ({ globalWebhookId }: Cast) => ({ id: globalWebhookId });
const URL = 'https://hooks.example/';
export const NOT_ALLOWED = 250113;
const PKCE = { code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' };
const authorization = (more: Readonly<Record<string, string>> = {}): string =>
  `?${new URLSearchParams({ client_id: 'app', state: 'state', scope: 'PROJECT', ...PKCE, ...more }).toString()}`;
/** What an application sends a browser with. */
export const SENT = authorization({ response_type: 'code', redirect_uri: 'http://localhost/redirect' });
const asTheApplication = (more: Readonly<Record<string, string>>) => (things: Things) => ({
  client_id: things.appId,
  client_secret: things.secretKey,
  ...more,
});
const NEW_PASSWORD = 'battery staple';

export const ANY_WAY: readonly Proof[] = ['token', 'session', 'platform'];

/** Every call of the table, by its name there. */
export const CALLS: Readonly<Record<string, Recipe>> = {
  'opens an account for users': { body: state(CODE, { suffix: '.new' }) },
  'opens a platform account': { body: state([...CODE, ...PLATFORM], { suffix: '.new' }) },
  'opens an account with scope SYSTEM': { body: state(CODE, { suffix: '.new', scope: ['SYSTEM'] }) },
  'opens an account whose appId is taken': { body: ({ appId }) => accountStatement(appId.toUpperCase(), CODE) },
  'amends an account': { body: state(CODE) },
  'amends a platform account': { grants: PLATFORM, body: state(CODE) },
  'makes an account a platform account': { body: state(PLATFORM) },
  'gives an account the scope SYSTEM': { body: state(CODE, { scope: ['SYSTEM'] }) },
  'amends an account that is not there': { body: state(CODE, { suffix: '.gone' }) },
  'locks an account': { body: state(CODE, { locked: true }) },
  'unlocks an account': { locked: true, body: state(CODE, { locked: false }) },
  'deletes an account': {},
  'deletes a platform account': { grants: PLATFORM },
  'uninstalls what the owner alone authorized': {},
  'uninstalls what is not there': { parts: () => ({ appId: 'gone' }) },
  'lists all accounts': {},
  'lists one’s own accounts': {},
  'lists the accounts one authorized': {},
  'shows an account': {},
  'shows an account by another letter case': { parts: ({ things }) => ({ appId: things.appId.toUpperCase() }) },
  'lists the credentials of an account': { grants: PLATFORM },
  'adds a credential': {},
  'adds a platform credential': { grants: PLATFORM },
  'adds a platform credential to what is no platform account': { parts: () => ({ type: 'PLATFORM' }) },
  'adds a platform credential, as deployed clients do': { grants: PLATFORM },
  'adds a credential, as deployed clients do': { query: '?type=AUTHORIZATION_CODE' },
  'deletes the last credential of a type': {},
  'deletes a credential of a platform account': { grants: PLATFORM },
  'deletes a credential that is not there': { parts: noSuchKey },
  'disables a credential': { grants: PLATFORM },
  'enables a credential': { parts: () => ({ status: 'ENABLE' }) },
  'enables a platform credential': { grants: PLATFORM, parts: () => ({ status: 'ENABLE' }) },
  'changes a credential that is not there': { parts: noSuchKey },
  'rotates a credential': { body: () => ({ overlap: 60_000, retire: 'after-idle' }) },
  'rotates a platform credential': { grants: PLATFORM },
  'rotates a credential that is being rotated': { rotated: true },
  'rotates a credential that is not there': { parts: noSuchKey },
  'asks how a rotation goes': { rotated: true },
  'asks how a rotation of a platform credential goes': { grants: PLATFORM, rotated: true },
  'asks how a rotation goes that is not there': {},
  'rolls a rotation back': { rotated: true },
  'rolls a rotation of a platform credential back': { grants: PLATFORM, rotated: true },
  'rolls a rotation back that is not there': {},
  'checks a key pair of an account': { by: THEMSELVES },
  'checks a key pair of an account that is not there': { by: THEMSELVES, parts: () => ({ appId: 'gone' }) },
  'asks whose key pair it is': { by: THEMSELVES },
  'checks a key pair in a body': { by: THEMSELVES, body: (things) => ({ ...things, type: null }) },
  'asks in a body whose key pair it is': {
    by: THEMSELVES,
    body: ({ accessKey, secretKey }) => ({ accessKey, secretKey }),
  },

  'logs in': { by: ['password'] },
  'logs out': { by: ['session'] },
  'logs out of no session': { by: ['token', 'platform'] },
  'asks who one is': {},
  'changes one’s own password': { body: () => ({ oldPassword: PASSWORD, newPassword: NEW_PASSWORD }) },
  'fetches an access token': { by: ['password', 'session'] },
  'makes an access token': { body: () => ({ name: 'laptop' }) },
  'lists one’s own access tokens': {},
  'lists the owner’s access tokens': { query: '?userId=owner' },
  'revokes an access token': { parts: ({ tokenId }) => ({ id: tokenId }) },
  'revokes an access token that is not there': { parts: () => ({ id: 'gone' }) },
  'lists one’s own sessions': {},
  'ends a session': { parts: ({ sessionId }) => ({ id: sessionId }) },
  'lists all users': {},
  'registers a user': { body: () => ({ userId: 'carol', password: PASSWORD }) },
  'registers a user who is there': { body: () => ({ userId: 'owner' }) },
  'shows a user': {},
  'amends a user': { body: () => ({ userId: 'owner', name: 'Olga' }) },
  'amends a user who is not there': { body: () => ({ userId: 'gone', name: 'Olga' }) },
  'sets a user’s password': { body: () => ({ password: NEW_PASSWORD }) },
  'deletes a user': {},

  'asks what an application would be granted': { by: THEMSELVES, query: authorization() },
  'asks what an application would be granted that may not have so much': {
    by: THEMSELVES,
    query: authorization({ scope: 'NODE' }),
    forbidden: NOT_ALLOWED,
  },
  'asks what an application would be granted that is not there': {
    by: THEMSELVES,
    query: authorization({ client_id: 'gone' }),
  },
  'asks for a user what an application would be granted': {
    by: ['platform'],
    query: authorization(),
    forbidden: NOT_ALLOWED,
  },

  'asks what they shall agree to': { asked: true, by: THEMSELVES },
  'asks what they shall agree to, when nobody asks them': { by: THEMSELVES },
  'asks for a user what they shall agree to': { asked: true, by: ['platform'] },
  'agrees to it': { asked: true, by: THEMSELVES, body: () => ({ allow: true }) },
  'refuses it': { asked: true, by: THEMSELVES, body: () => ({ allow: false }) },
  'agrees when nobody asks them': { by: THEMSELVES, body: () => ({ id: 'none', allow: true }) },
  'agrees for a user': { asked: true, by: ['platform'], body: () => ({ allow: true }) },
  'is sent to be asked': { query: SENT },
  'goes on from what is not there': { parts: () => ({ uid: 'gone' }) },
  'redeems what is no code': {
    by: ['session'],
    form: asTheApplication({ grant_type: 'authorization_code', code: 'none', code_verifier: 'v'.repeat(43) }),
  },
  'redeems a code with a wrong secret': {
    by: ['session'],
    form: asTheApplication({ grant_type: 'authorization_code', code: 'none', client_secret: 'wrong' }),
  },
  'asks about a token': { by: ['session'], form: asTheApplication({ token: 'none' }) },
  'asks about a token with a wrong secret': {
    by: ['session'],
    form: asTheApplication({ token: 'none', client_secret: 'wrong' }),
  },
  'ends a token': { by: ['session'], form: asTheApplication({ token: 'none' }) },
  'asks whose token it is': { by: THEMSELVES },
  'asks whose token it is, with a form': { by: THEMSELVES, form: () => ({ a: 'b' }) },
  'reads the public keys': {},
  'reads what the authorization server can': {},

  'lists the audit': {},
  'lists the audit of what they may know of': { query: '?user=owner' },
  'verifies the audit': {},
  'exports the audit': {},

  'registers a webhook of an account': { body: ({ appId }) => ({ appId, url: URL }) },
  'registers a webhook of an account that is not there': { body: () => ({ appId: 'gone', url: URL }) },
  'registers a webhook of everybody': { body: () => ({ url: URL }) },
  'lists the webhooks of an account': { query: '?appId=app' },
  'lists the webhooks of an account that is not there': { query: '?appId=gone' },
  'lists all webhooks': {},
  'shows a webhook': { parts: itsWebhook },
  'shows a webhook of everybody': { parts: globalWebhook },
  'shows a webhook that is not there': { parts: () => ({ id: 'gone' }) },
  'amends a webhook': { parts: itsWebhook, body: () => ({ enabled: false }) },
  'amends a webhook of everybody': { parts: globalWebhook, body: () => ({ enabled: false }) },
  'deletes a webhook': { parts: itsWebhook },
  'deletes a webhook of everybody': { parts: globalWebhook },
  'gives a webhook a new secret': { parts: itsWebhook },
  'gives a webhook of everybody a new secret': { parts: globalWebhook },
  'tests a webhook': { parts: itsWebhook },
  'tests a webhook of everybody': { parts: globalWebhook },
  'lists the deliveries to a webhook': { parts: itsWebhook },
  'lists the deliveries to a webhook of everybody': { parts: globalWebhook },
  'sends a webhook again what is dead': { parts: itsWebhook },
  'sends a webhook of everybody again what is dead': { parts: globalWebhook },
  'sends a webhook one event again': { parts: itsWebhook },
  'sends a webhook again an event that it never heard of': {
    parts: (cast) => ({ ...itsWebhook(cast), eventId: 'evt_999' }),
  },

  'is passed on with GET': { by: ['token'] },
  'is passed on with POST': { by: ['token'], body: () => ({}) },
  'is passed on with PUT': { by: ['token'], body: () => ({}) },
  'is passed on with PATCH': { by: ['token'], body: () => ({}) },
  'is passed on with DELETE': { by: ['token'] },

  'asks whether the process runs': { by: ['token', 'session', 'password', 'platform'] },
  'asks whether it can serve': { by: ['token', 'session', 'password', 'platform'] },
};
