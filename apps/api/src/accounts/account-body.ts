import type { AccountStatement } from '@claviger/domain';
import { IsArray, IsBoolean, IsDefined, IsOptional, IsString } from 'class-validator';
import { says } from '../shape.pipe.js';

/** What create and update are sent: the account as its caller states it. */
export class AccountBody implements AccountStatement {
  @IsDefined(says('required'))
  @IsString(says('not_text'))
  readonly appId!: string;

  @IsDefined(says('required'))
  @IsArray(says('not_list'))
  @IsString({ each: true, ...says('not_list') })
  readonly authorizationGrantTypes!: string[];

  @IsOptional()
  @IsBoolean(says('not_boolean'))
  readonly locked?: boolean | null;

  @IsOptional()
  @IsArray(says('not_list'))
  @IsString({ each: true, ...says('not_list') })
  readonly scope?: string[] | null;

  @IsOptional()
  @IsString(says('not_text'))
  readonly homepageUrl?: string | null;

  @IsOptional()
  @IsString(says('not_text'))
  readonly redirectUri?: string | null;

  @IsOptional()
  @IsString(says('not_text'))
  readonly avatarUrl?: string | null;

  @IsOptional()
  @IsString(says('not_text'))
  readonly description?: string | null;
}
