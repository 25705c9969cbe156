import {
  addressRange,
  databaseUrl,
  duration,
  durationOrNone,
  flag,
  listOf,
  oneOf,
  optional,
  secret,
  text,
  webAddress,
  wholeNumber,
  windowOfTime,
  type KeyType,
} from './config-types.js';

const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000];

interface Key<T> {
  readonly type: KeyType<T>;
  readonly default: T;
  /** One sentence for the documentation. */
  readonly meaning: string;
  /** What happens when the key is left out, where the default alone does not say it. */
  readonly otherwise?: string;
}

/** Every key there is: its name in the file, in messages, in the code and, in capitals, in the environment. */
export const CONFIG_KEYS = {
  'http.host': key(text, '127.0.0.1', 'The address on which the API listens.'),
  'http.port': key(wholeNumber(0, 65_535), 7300, 'The port on which the API listens; 0 lets the system choose one.'),
  'http.workers': key(
    wholeNumber(1, 64),
    1,
    'How many processes serve on that port; one for each core at most. More than one have a leader beside them that does not serve.',
  ),
  'http.metricsPort': key(
    optional(wholeNumber(0, 65_535)),
    null,
    'The port on which the API tells its metrics, at `/metrics` and on `http.host`; nothing is counted without one.',
  ),
  'http.publicUrl': key(
    optional(webAddress),
    null,
    'The address under which clients reach the API: issuer and base of every link.',
    'derived from `http.host` and `http.port`',
  ),
  'http.trustProxy': key(
    flag,
    false,
    'Whether `X-Forwarded-*` headers are believed: only behind a proxy that sets them.',
  ),
  'http.headersTimeout': key(duration, 10 * SECOND, 'How long the headers of a request may take to arrive.'),
  'http.requestTimeout': key(duration, 15 * SECOND, 'How long a whole request may take to arrive.'),
  'http.bodyLimit': key(wholeNumber(1024, 16_777_216), 65_536, 'The largest request body that is read, in bytes.'),

  'database.url': key(
    databaseUrl,
    'sqlite:./data/claviger.db',
    'Where the data lie: a file (relative to the working directory) or a PostgreSQL database.',
  ),
  'database.migrate': key(
    oneOf('auto', 'off'),
    'auto',
    'Whether processes bring the schema up to date when they start; `off` makes them refuse an older one.',
  ),
  'database.startTimeout': key(
    duration,
    60 * SECOND,
    'How long a process waits at its start for a database that is away.',
  ),
  'database.poolSize': key(wholeNumber(1, 1000), 10, 'How many connections one process keeps to PostgreSQL at most.'),

  'keys.dir': key(
    optional(text),
    null,
    'The folder of the keys that are made on the first run, each a file with mode 0600.',
    'the folder of the SQLite file; with PostgreSQL `./data`',
  ),

  'auth.pepper': key<readonly string[] | null>(
    listOf(secret, 1),
    null,
    'The keys under which credential secrets are hashed, the newest first: new secrets use the first, stored ones are matched with any.',
    'made on the first run and kept in `keys.dir`',
  ),
  'auth.accessToken.enabled': key(
    flag,
    true,
    'Whether users prove themselves with access tokens; with `false` the header `X-DEVOPS-UID` alone names the user.',
  ),
  'auth.accessToken.secret': key<string | null>(
    secret,
    null,
    'The key under which access tokens are stored; a changed one makes every token illegal.',
    'made on the first run and kept in `keys.dir`',
  ),
  'auth.accessToken.expirationTime': key(duration, DAY, 'How long an access token is good.'),
  'auth.accessToken.trustHeaderFrom': key(
    listOf(addressRange),
    [],
    'With access tokens switched off: the proxies whose `X-DEVOPS-UID` is believed, and no one else’s.',
    'none: then the API listens on a loopback address only, and believes whoever is on the machine',
  ),
  'auth.session.expirationTime': key(duration, 12 * HOUR, 'How long a session of the web pages is good.'),

  'credentials.expiry.default': key<number | null>(
    durationOrNone,
    null,
    'How long a new credential lives for which no expiry is asked; 0: as long as is allowed.',
    'as long as `credentials.expiry.max` allows',
  ),
  'credentials.expiry.max': key<number | null>(
    durationOrNone,
    null,
    'How long a new credential may live at most, so that none lives for ever; 0: as long as is asked.',
    'as long as is asked',
  ),
  'credentials.expiry.neverAllowed': key(
    flag,
    true,
    'Whether, where there is no `credentials.expiry.max`, a new credential may live for ever.',
  ),
  'credentials.maxLivePerType': key(
    wholeNumber(2, 1000),
    5,
    'How many live credentials of one grant type an account may have; a rotation needs room for one more.',
  ),

  'limits.enabled': key(flag, true, 'Whether requests and failed authentications are limited.'),

  'limits.failures.perKeyAndAddress': key(
    wholeNumber(1, 1_000_000),
    20,
    'How many authentications may fail in one window for one access key, userId or client from one address.',
  ),
  'limits.failures.perAddress': key(
    wholeNumber(1, 1_000_000),
    100,
    'How many authentications may fail in one window from one address.',
  ),
  'limits.failures.window': key(
    windowOfTime,
    MINUTE,
    'How long failures are counted together; it starts with the first one, and whoever failed too often waits for its end.',
  ),
  'limits.requests.perCaller': key(
    wholeNumber(0, 1_000_000_000),
    0,
    'How many requests one caller may make in one window; 0: any number.',
  ),
  'limits.requests.window': key(
    windowOfTime,
    MINUTE,
    'How long requests are counted together; it starts with the first one.',
  ),

  'gateway.upstreams.openapi': key(
    optional(webAddress),
    null,
    'Where requests under `/ms/openapi/api/apigw/` are passed on to.',
    'they are answered with 404',
  ),
  'gateway.connectTimeout': key(duration, 5 * SECOND, 'How long a connection to an upstream may take.'),
  'gateway.responseTimeout': key(
    duration,
    MINUTE,
    'How long an upstream may be silent, before its answer begins and between two parts of it.',
  ),

  'audit.retention': key(duration, 365 * DAY, 'How long the record of what was done is kept.'),

  'webhooks.timeout': key(
    duration,
    8 * SECOND,
    'How long one attempt to deliver an event may take; below 10s, a worker that ends can write down how it went.',
  ),
  'webhooks.retryFor': key(duration, 3 * DAY, 'How long an event is tried to be delivered before it counts as dead.'),
  'webhooks.retention': key(
    duration,
    30 * DAY,
    'How long deliveries that are done, or dead, can be listed and sent again.',
  ),
  'webhooks.allowPrivateAddresses': key(
    flag,
    false,
    'Whether webhooks may lead to loopback, private and link-local addresses.',
  ),

  'oauth.signingKeys.every': key(
    duration,
    90 * DAY,
    'How long one key signs ID tokens before the next one does; no shorter than two days, for so long each is published before.',
  ),

  'worker.http.host': key(text, '127.0.0.1', 'The address on which the worker tells its health and its metrics.'),
  'worker.http.port': key(
    wholeNumber(0, 65_535),
    7301,
    'The port on which the worker tells its health and its metrics; 0 lets the system choose one.',
  ),
  'worker.concurrency': key(wholeNumber(1, 100), 10, 'How many jobs one worker has in hand at once.'),
  'worker.sealAudit.every': key(
    duration,
    10 * SECOND,
    'How often the chain of hashes is closed over what was written to the audit since.',
  ),
  'worker.warnOfExpiry.every': key(duration, HOUR, 'How often the worker looks for credentials that expire soon.'),
  'worker.deleteExpired.every': key(duration, HOUR, 'How often the worker deletes what is past its retention.'),
  'worker.retireIdle.every': key(
    duration,
    MINUTE,
    'How often the worker looks for old credentials of rotations that wait for silence and have been quiet.',
  ),

  'log.level': key(
    oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
    'info',
    'The least important messages that are logged.',
  ),
} as const satisfies Record<string, Key<unknown>>;

export type ConfigKey = keyof typeof CONFIG_KEYS;

/** A value for every key, under the key's own name. */
export type Config = { readonly [K in ConfigKey]: ReturnType<(typeof CONFIG_KEYS)[K]['type']['read']> };

/** `auth.accessToken.expirationTime` is `CLAVIGER_AUTH_ACCESS_TOKEN_EXPIRATION_TIME`. */
export function variableOf(name: string): string {
  return `CLAVIGER_${name.replaceAll('.', '_').replaceAll(/[A-Z]/g, '_$&').toUpperCase()}`;
}

function key<T>(type: KeyType<T>, standard: NoInfer<T>, meaning: string, otherwise?: string): Key<T> {
  return { type, default: standard, meaning, ...(otherwise === undefined ? {} : { otherwise }) };
}
