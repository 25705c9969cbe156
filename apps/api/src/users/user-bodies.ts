import type { NewUser } from '@claviger/application';
import { IsBoolean, IsDefined, IsOptional, IsString } from 'class-validator';
import { says } from '../shape.pipe.js';

class UserBody {
  @IsDefined(says('required'))
  @IsString(says('not_text'))
  readonly userId!: string;

  @IsOptional()
  @IsString(says('not_text'))
  readonly name?: string | null;

  @IsOptional()
  @IsBoolean(says('not_boolean'))
  readonly admin?: boolean | null;
}

export class NewUserBody extends UserBody implements NewUser {
  @IsOptional()
  @IsString(says('not_text'))
  readonly password?: string | null;
}

export class UserAmendmentBody extends UserBody {
  @IsOptional()
  @IsBoolean(says('not_boolean'))
  readonly locked?: boolean | null;
}
