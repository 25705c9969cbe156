import type { AccountQuery } from '@claviger/application';
import { IsIn, IsOptional, IsString } from 'class-validator';
import { says } from '../shape.pipe.js';

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
  readonly limit?: string;

  @IsOptional()
  @IsString(says('repeated'))
  readonly cursor?: string;
}

export function toAccountQuery({ locked, limit, ...texts }: ListQuery): AccountQuery {
  return {
    ...texts,
    locked: locked === undefined ? undefined : locked === 'true',
    limit: limit === undefined ? undefined : wholeNumber(limit),
  };
}

/** NaN for whatever is none: the use case says what a limit may be. */
function wholeNumber(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : NaN;
}
