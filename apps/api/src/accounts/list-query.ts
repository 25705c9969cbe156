import type { AccountQuery } from '@claviger/application';
import { IsIn, IsOptional, IsString } from 'class-validator';
import { says } from '../shape.pipe.js';
import { wholeNumber } from '../whole-number.js';

/** What a list is asked; all texts, because it stands in a URL. A parameter given twice is a list, and refused. */
export class ListQuery {
  @IsOptional()
  @IsString(says('repeated'))
  readonly owner?: string;

  // The lowest rule is judged first.
  @IsOptional()
  @IsIn(['true', 'false'], says('not_boolean'))
  @IsString(says('repeated'))
  readonly locked?: 'true' | 'false';

  @IsOptional()
  @IsString(says('repeated'))
  readonly grantType?: string;

  @IsOptional()
  @IsString(says('repeated'))
  readonly scope?: string;

  @IsOptional()
  @IsString(says('repeated'))
  readonly q?: string;

  @IsOptional()
  @IsString(says('repeated'))
  readonly expiringWithin?: string;

  @IsOptional()
  @IsString(says('repeated'))
  readonly unusedSince?: string;

  @IsOptional()
  @IsIn(['true', 'false'], says('not_boolean'))
  @IsString(says('repeated'))
  readonly neverUsed?: 'true' | 'false';

  @IsOptional()
  @IsString(says('repeated'))
  readonly limit?: string;

  @IsOptional()
  @IsString(says('repeated'))
  readonly cursor?: string;
}

export function toAccountQuery({ locked, neverUsed, limit, expiringWithin, ...texts }: ListQuery): AccountQuery {
  return {
    ...texts,
    locked: flag(locked),
    neverUsed: flag(neverUsed),
    limit: wholeNumber(limit),
    expiringWithin: wholeNumber(expiringWithin),
  };
}

function flag(text: 'true' | 'false' | undefined): boolean | undefined {
  return text === undefined ? undefined : text === 'true';
}
