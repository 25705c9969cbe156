import { OPERATOR, parseUserId, type GrantType, type KeyPair, type Scope } from '@claviger/domain';
import { anAuthorization, anAuthorizationEvent } from '@claviger/testing';
import { newTraceId } from '../src/trace-id.js';
import { platformHeaders } from './answer.js';
import { aPlatform, type ApiOverMemory } from './api-over-memory.js';
import { applicationToken } from './application-token.js';
import { aUser, bearer, PASSWORD, type KnownUser } from './known-user.js';

const DAY = 86_400_000;

/** How a user proves who they are. */
export type Proof = 'token' | 'session' | 'password' | 'platform';
export const COLUMNS = [
  'nobody',
  'user',
  'owner',
  'admin',
  'platform with SYSTEM',
  'platform without SYSTEM',
  'locked user',
  'locked account',
  'disabled credential',
  'application with SYSTEM',
  'application without SYSTEM',
] as const;
export type Column = (typeof COLUMNS)[number];

/** What is asked for: by their names in the routes, the parts of a path that lead to what belongs to the owner. */
export interface Things extends Readonly<Record<string, string>> {
  readonly appId: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly type: string;
  readonly status: string;
  readonly id: string;
  readonly userId: string;
  readonly path: string;
  readonly eventId: string;
}

export interface Cast {
  readonly things: Things;
  readonly tokenId: string;
  readonly sessionId: string;
  /** Of the owner's account; it has heard of one event. */
  readonly webhookId: string;
  /** Of no account. */
  readonly globalWebhookId: string;
  /** The proofs by which the column's caller may come; one without a name for those that have but one. */
  headersOf(proofs: readonly Proof[]): readonly (readonly [string, Record<string, string>])[];
}

/** How the owner's account shall be. */
export interface Given {
  readonly grants: readonly GrantType[];
  readonly locked: boolean;
  /** Another credential is taking the place of its first. */
  readonly rotated: boolean;
}

/** What applications were granted, by an admin. */
const GRANTED: Partial<Record<Column, readonly Scope[]>> = {
  'application with SYSTEM': ['SYSTEM'],
  'application without SYSTEM': ['PROJECT', 'REPO', 'NODE'],
};

/** Everybody and everything that one cell of the table needs, on an empty database. */
export async function freshCast(api: ApiOverMemory, column: Column, given: Given): Promise<Cast> {
  const { grants, locked: lockedAccount, rotated } = given;
  await api.renew();
  const [user, owner, admin, locked] = [
    await aPerson(api, 'user'),
    await aPerson(api, 'owner'),
    await aPerson(api, 'root', true),
    await aPerson(api, 'locked'),
  ];
  await api.platform.lockUser(OPERATOR, { userId: 'locked', locked: true });
  const weak = await aPlatform(api, 'weak', ['PROJECT', 'REPO', 'NODE']);
  const away = await aPlatform(api, 'away', ['SYSTEM']);
  await api.platform.lockAccount(OPERATOR, { appId: 'away', locked: true });
  const disabled = await aPlatform(api, 'disabled', ['SYSTEM']);
  await api.platform.createCredential(OPERATOR, { appId: 'disabled', type: 'PLATFORM' });
  await api.platform.changeCredentialStatus(OPERATOR, { appId: 'disabled', ...disabled, status: 'DISABLE' });
  const { appId, accessKey, secretKey } = await anAccount(api, grants, lockedAccount);
  if (rotated) await api.platform.rotateCredential(OPERATOR, { appId, accessKey });
  const { token } = await api.platform.createToken(owner.caller, { name: 'spare', lifetime: DAY });
  const { session } = await aSession(api, 'owner');
  const webhooks = await someWebhooks(api, appId);
  const granted = GRANTED[column];
  const application = granted ? bearer(await applicationToken(api, admin.proofs.session, granted)) : {};

  const people: Partial<Record<Column, Person>> = { user, owner, admin, 'locked user': locked };
  const inTheNameOfAdmin = (key: KeyPair) => platformHeaders(key, 'root');
  const others: Partial<Record<Column, Record<string, string>>> = {
    nobody: {},
    'platform with SYSTEM': platformHeaders(api.system),
    'platform without SYSTEM': inTheNameOfAdmin(weak),
    'locked account': inTheNameOfAdmin(away),
    'disabled credential': inTheNameOfAdmin(disabled),
    'application with SYSTEM': application,
    'application without SYSTEM': application,
  };
  const status = 'DISABLE';
  return {
    things: {
      appId,
      accessKey,
      secretKey,
      type: grants[0] ?? '',
      status,
      id: '',
      userId: 'owner',
      path: 'v3/projects',
      eventId: webhooks.eventId,
    },
    tokenId: token.id,
    sessionId: session.id,
    webhookId: webhooks.own.id,
    globalWebhookId: webhooks.global.id,
    headersOf: (proofs) => {
      const person = people[column];
      return person ? proofs.map((proof) => [proof, person.proofs[proof]]) : [['', others[column] ?? {}]];
    },
  };
}

interface Person extends KnownUser {
  readonly proofs: Readonly<Record<Proof, Record<string, string>>>;
}

async function aPerson(api: ApiOverMemory, userId: string, admin = false): Promise<Person> {
  const person = await aUser(api, userId, { admin });
  const { text } = await aSession(api, userId);
  const proofs = {
    token: person.bearer,
    session: { cookie: `claviger_session=${text}` },
    password: person.basic,
    platform: platformHeaders(api.system, userId),
  };
  return { ...person, proofs };
}

function aSession({ platform }: ApiOverMemory, userId: string) {
  const browser = { lifetime: DAY, origin: { address: '192.0.2.1', traceId: newTraceId() }, userAgent: null };
  return platform.logIn({ userId, password: PASSWORD }, browser);
}

/** An account that the owner owns and has authorized. */
async function anAccount(api: ApiOverMemory, grants: readonly GrantType[], locked: boolean) {
  const statement = accountStatement('app', grants);
  const { account, keyPairs } = await api.platform.createAccount(OPERATOR, { ...statement, locked }, 'owner');
  const authorization = anAuthorization({ userId: parseUserId('owner'), accountId: account.id });
  await api.database.unitOfWork.run(({ authorizations }) => authorizations.put(authorization, anAuthorizationEvent()));
  const [key] = keyPairs;
  if (!key) throw new Error('The account has no key.');
  return { appId: account.appId, ...key };
}

/** One of the account, which was told that the account was opened, and one of none. */
async function someWebhooks({ platform }: ApiOverMemory, appId: string) {
  const url = 'https://hooks.example/';
  const { webhook: own } = await platform.registerWebhook(OPERATOR, { appId, url });
  const { webhook: global } = await platform.registerWebhook(OPERATOR, { url });
  await platform.publishEvents();
  const { deliveries } = await platform.listDeliveries(OPERATOR, { id: own.id });
  return { own, global, eventId: deliveries[0]?.eventId ?? '' };
}

export function accountStatement(appId: string, grants: readonly GrantType[], scope: readonly string[] = ['PROJECT']) {
  return {
    appId,
    authorizationGrantTypes: grants,
    homepageUrl: 'http://localhost',
    redirectUri: 'http://localhost/redirect',
    scope,
  };
}
