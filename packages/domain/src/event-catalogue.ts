import type {
  AccountEvent,
  AuthorizationEvent,
  DomainEvent,
  Happened,
  SessionEvent,
  SigningKeyEvent,
  TokenEvent,
  UserEvent,
} from './events.js';

/** The name of an event that webhooks can hear of. */
export type EventName = (
  AccountEvent | UserEvent | AuthorizationEvent | TokenEvent | SessionEvent | SigningKeyEvent
)['name'];

/** Every event there is to hear of, and when it happens. */
export const EVENT_CATALOGUE = {
  'account.opened': 'An account was created.',
  'account.amended': 'An account was updated; a change of its grant types can bring and remove credentials.',
  'account.locked': 'An account was locked: none of its credentials is good until it is unlocked.',
  'account.unlocked': 'An account was unlocked.',
  'account.transferred': 'An account has another owner.',
  'account.deleted': 'An account was deleted with its credentials, its authorizations and its own webhooks.',
  'credential.issued': 'A credential was created.',
  'credential.rotated': 'A new credential takes the place of an old one, which stays good for a while.',
  'credential.rolled_back': 'A rotation was taken back: the old credential stays, the new one is gone.',
  'credential.retired': 'Old credentials of a rotation had been quiet for long enough and have ended.',
  'credential.expiring': 'A credential expires within 30, 7 or 1 days. Told once each.',
  'credential.enabled': 'A credential was enabled.',
  'credential.disabled': 'A credential was disabled.',
  'credential.withdrawn': 'A credential was deleted.',
  'user.registered': 'A user was created.',
  'user.amended': 'A user was updated.',
  'user.password_changed': 'A user has another password; all of their sessions have ended.',
  'user.locked': 'A user was locked: nobody can act as them.',
  'user.unlocked': 'A user was unlocked.',
  'user.deleted': 'A user was deleted with their access tokens and sessions.',
  'authorization.granted': 'A user authorized an application.',
  'authorization.revoked': 'A user took an authorization back.',
  'token.issued': 'An access token was made.',
  'token.revoked': 'An access token was revoked.',
  'session.opened': 'A user logged in with a browser.',
  'session.closed': 'A session of a browser was ended.',
  'signing_key.created': 'A key was made that ID tokens will be signed with.',
  'signing_key.retired': 'A key that signed ID tokens was replaced long enough ago and was deleted.',
  'signing_key.withdrawn': 'A key was withdrawn: no ID token that it signed is to be believed.',
} as const satisfies Record<EventName, string>;

export const EVENT_NAMES = Object.keys(EVENT_CATALOGUE) as readonly EventName[];

export function isEventName(name: DomainEvent['name'] | (string & {})): name is EventName {
  return Object.hasOwn(EVENT_CATALOGUE, name);
}

/** What an event of that name says besides what all of them say. */
type DetailOf<Name, Event = DomainEvent> = Event extends { name: infer Names }
  ? Name extends Names
    ? Exclude<keyof Event, keyof Happened | 'name'>
    : never
  : never;

const OF_CREDENTIAL = { accessKey: 'the access key', grantType: 'the grant type' };
const OF_ROTATION = { ...OF_CREDENTIAL, accessKey: 'the access key of the old credential' };

/** The details of the events that have any, in words. */
export const EVENT_DETAILS = {
  'credential.issued': OF_CREDENTIAL,
  'credential.rotated': OF_ROTATION,
  'credential.rolled_back': OF_ROTATION,
  'credential.retired': { accessKeys: 'the access keys of those that have ended' },
  'credential.expiring': {
    ...OF_CREDENTIAL,
    days: '30, 7 or 1: it expires within so many days',
    expiresAt: 'when it expires, ISO 8601',
  },
  'credential.enabled': OF_CREDENTIAL,
  'credential.disabled': OF_CREDENTIAL,
  'credential.withdrawn': OF_CREDENTIAL,
} as const satisfies {
  readonly [Name in EventName as DetailOf<Name> extends never ? never : Name]: Record<DetailOf<Name>, string>;
};
