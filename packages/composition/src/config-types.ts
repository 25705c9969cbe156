import { isIP } from 'node:net';

/** What a key may hold. The texts say what is wanted and never repeat what was given. */
export interface KeyType<T> {
  /** The form in the words of the documentation. */
  readonly form: string;
  /** A value of the file. @throws WrongValue */
  read(given: unknown): T;
  /** The value of an environment variable as the file would say it. */
  fromText(text: string): unknown;
}

/** Why a value cannot be taken; the sentence follows the key's name. */
export class WrongValue extends Error {}

const MIN_SECRET_LENGTH = 16;

/** Printed in the documentation of the API that this service took over, and so in every scanner's word list. */
const SAMPLE_SECRETS: readonly string[] = ['ea0950b9-79e3-4193-8bf3-1f22856ca075'];

export const text: KeyType<string> = {
  form: 'text',
  read: (given) => (typeof given === 'string' && given !== '' ? given : refuse('must be a text that is not empty')),
  fromText: (given) => given,
};

export const secret: KeyType<string> = {
  form: `secret of at least ${MIN_SECRET_LENGTH} characters`,
  read: (given) => {
    if (given === null || given === '')
      return refuse('is empty: give it a secret, or leave the key out to have one made');
    if (typeof given !== 'string') return refuse('must be a text (in quotes, where it looks like a number)');
    if (SAMPLE_SECRETS.includes(given.trim().toLowerCase()))
      return refuse('is the sample secret printed in the documentation: choose another');
    if (given.length < MIN_SECRET_LENGTH) return refuse(`must have at least ${MIN_SECRET_LENGTH} characters`);
    return given;
  },
  fromText: (given) => given,
};

export const flag: KeyType<boolean> = {
  form: '`true` or `false`',
  read: (given) => (typeof given === 'boolean' ? given : refuse('must be true or false')),
  fromText: (given) => (given === 'true' ? true : given === 'false' ? false : given),
};

export function wholeNumber(min: number, max: number): KeyType<number> {
  return {
    form: `whole number from ${min} to ${max}`,
    read: (given) => {
      const fits = typeof given === 'number' && Number.isInteger(given) && given >= min && given <= max;
      return fits ? given : refuse(`must be a whole number from ${min} to ${max}`);
    },
    fromText: (given) => (/^\d+$/.test(given) ? Number(given) : given),
  };
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** Ten years; beyond it a number is more likely a slip than a wish. */
const MAX_DURATION = 3650 * 86_400_000;

/** Milliseconds of a text such as `1500`, `90s` or `30d`; NaN for any other. */
export function millisecondsIn(given: string): number {
  const [, count, unit = 'ms'] = /^(\d+)(ms|s|m|h|d)?$/.exec(given) ?? [];
  return Number(count) * (UNITS[unit] ?? 1);
}

/** Milliseconds. */
export const duration: KeyType<number> = durationUpTo(MAX_DURATION, 'duration');
/** Of what is counted: whoever wants to count for longer wants something else. */
export const windowOfTime: KeyType<number> = durationUpTo(86_400_000, 'duration up to 1d');

function durationUpTo(max: number, form: string): KeyType<number> {
  return {
    form,
    read: (given) => {
      const ms = millisecondsIn(isText(given) ? given : String(given));
      const fits = (isText(given) || typeof given === 'number') && ms >= 1 && ms <= max;
      return fits
        ? ms
        : refuse(
            `must be milliseconds above 0, or a number with ms, s, m, h or d such as 10s${max < MAX_DURATION ? ', at most one day' : ''}`,
          );
    },
    fromText: (given) => given,
  };
}

/** Milliseconds; 0, like leaving the key out, means that there is none. */
export const durationOrNone: KeyType<number | null> = {
  form: `${duration.form}, or 0`,
  read: (given) => (given === null || given === 0 || given === '0' ? null : duration.read(given)),
  fromText: (given) => (given === '' ? null : given),
};

export function oneOf<const T extends string>(...allowed: readonly T[]): KeyType<T> {
  return {
    form: allowed.map((word) => `\`${word}\``).join(', '),
    read: (given) => allowed.find((word) => word === given) ?? refuse(`must be one of ${allowed.join(', ')}`),
    fromText: (given) => given,
  };
}

/** Comma-separated in an environment variable. */
export function listOf<T>(item: KeyType<T>, least = 0): KeyType<readonly T[]> {
  return {
    form: `list: ${item.form}`,
    read: (given) => {
      if (!Array.isArray(given)) return refuse(`must be a list, each ${plain(item.form)}`);
      if (given.length < least) return refuse('must not be an empty list: leave the key out to have one made');
      return given.map((each) => item.read(each));
    },
    fromText: (given) =>
      given
        .split(',')
        .map((each) => each.trim())
        .filter((each) => each !== '')
        .map((each) => item.fromText(each)),
  };
}

/** May be left empty, which says the same as leaving the key out. */
export function optional<T>(type: KeyType<T>): KeyType<T | null> {
  return {
    form: type.form,
    read: (given) => (given === null ? null : type.read(given)),
    fromText: (given) => (given === '' ? null : type.fromText(given)),
  };
}

/** An absolute http(s) address without user name, query or fragment; a slash at its end is taken away. */
export const webAddress: KeyType<string> = {
  form: 'http or https address',
  read: (given) => {
    const address = isText(given) && URL.canParse(given) ? new URL(given) : null;
    const fits = address && /^https?:$/.test(address.protocol) && !address.username && !address.password;
    if (!fits || address.search || address.hash)
      return refuse('must be an http or https address without user name, query or fragment');
    return address.href.replace(/\/$/, '');
  },
  fromText: (given) => given,
};

export const databaseUrl: KeyType<string> = {
  form: '`sqlite:<file>` or `postgres://<user>:<password>@<host>/<database>`',
  read: (given) => {
    const fits =
      isText(given) &&
      (/^sqlite:(\/\/)?[^:]/.test(given) || (/^postgres(ql)?:\/\/./.test(given) && URL.canParse(given)));
    return fits ? given : refuse('must be sqlite:<file> or postgres://<user>:<password>@<host>/<database>');
  },
  fromText: (given) => given,
};

/** An address or a range in CIDR form. */
export const addressRange: KeyType<string> = {
  form: 'IP address or range such as `10.0.0.0/8`',
  read: (given) => {
    const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(isText(given) ? given : '') ?? [];
    const family = isIP(address);
    const fits = family !== 0 && Number(bits ?? 0) <= (family === 4 ? 32 : 128);
    return fits && isText(given) ? given : refuse('must be an IP address or a range such as 10.0.0.0/8');
  },
  fromText: (given) => given,
};

function isText(given: unknown): given is string {
  return typeof given === 'string';
}

function plain(form: string): string {
  return form.replaceAll('`', '');
}

function refuse(sentence: string): never {
  throw new WrongValue(sentence);
}
