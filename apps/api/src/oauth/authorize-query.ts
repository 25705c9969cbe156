import { IsDefined, IsOptional, IsString, Matches } from 'class-validator';
import { says } from '../shape.pipe.js';

/** The parameters of an authorization request (RFC 6749, 4.1.1; RFC 7636, 4.3), as far as the account does not say them. */
export class AuthorizeQuery {
  @IsDefined(says('required'))
  @IsString(says('repeated'))
  readonly client_id!: string;

  @IsDefined(says('required'))
  @IsString(says('repeated'))
  readonly state!: string;

  @IsOptional()
  @IsString(says('repeated'))
  readonly scope?: string;

  @IsOptional()
  @IsString(says('repeated'))
  readonly nonce?: string;

  @IsDefined(says('required'))
  @IsString(says('repeated'))
  @Matches(/^[A-Za-z0-9_-]{43}$/, says('not_code_challenge'))
  readonly code_challenge!: string;

  @IsDefined(says('required'))
  @IsString(says('repeated'))
  readonly code_challenge_method!: string;
}
