import type { AuditQuery } from '@claviger/application';
import { fieldInvalid, type Seal } from '@claviger/domain';
import { IsOptional, IsString } from 'class-validator';
import { says } from '../shape.pipe.js';
import { wholeNumber } from '../whole-number.js';

/** What the audit is asked; all texts, because it stands in a URL. */
export class AuditListQuery {
  @IsOptional()
  @IsString(says('repeated'))
  readonly name?: string;

  @IsOptional()
  @IsString(says('repeated'))
  readonly user?: string;

  @IsOptional()
  @IsString(says('repeated'))
  readonly app?: string;

  @IsOptional()
  @IsString(says('repeated'))
  readonly subject?: string;

  @IsOptional()
  @IsString(says('repeated'))
  readonly address?: string;

  @IsOptional()
  @IsString(says('repeated'))
  readonly traceId?: string;

  @IsOptional()
  @IsString(says('repeated'))
  readonly since?: string;

  @IsOptional()
  @IsString(says('repeated'))
  readonly until?: string;

  @IsOptional()
  @IsString(says('repeated'))
  readonly limit?: string;

  @IsOptional()
  @IsString(says('repeated'))
  readonly cursor?: string;
}

export function toAuditQuery({ user, app, limit, ...texts }: AuditListQuery): AuditQuery {
  return { ...texts, byUser: user, byApp: app, limit: wholeNumber(limit) };
}

/** A seal that somebody kept. */
export class SealQuery {
  @IsOptional()
  @IsString(says('repeated'))
  readonly number?: string;

  @IsOptional()
  @IsString(says('repeated'))
  readonly hash?: string;
}

const MAX_NUMBER = 999_999_999_999_999;

/** @throws field_invalid: half a seal proves nothing, and neither does one that is none */
export function toSeal({ number, hash }: SealQuery): Seal | undefined {
  if (number === undefined && hash === undefined) return undefined;
  if (number === undefined) throw fieldInvalid('number', 'required');
  if (!/^[1-9]\d{0,14}$/.test(number)) throw fieldInvalid('number', 'not_whole_number', { min: 1, max: MAX_NUMBER });
  if (!hash) throw fieldInvalid('hash', 'required');
  return { number: Number(number), hash: hash.toLowerCase() };
}
