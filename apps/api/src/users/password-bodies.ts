import { IsDefined, IsString } from 'class-validator';
import { says } from '../shape.pipe.js';

/** What a user sends who knows their password and wants another. */
export class OwnPasswordBody {
  @IsDefined(says('required'))
  @IsString(says('not_text'))
  readonly oldPassword!: string;

  @IsDefined(says('required'))
  @IsString(says('not_text'))
  readonly newPassword!: string;
}

/** What an admin sends for somebody else. */
export class PasswordBody {
  @IsDefined(says('required'))
  @IsString(says('not_text'))
  readonly password!: string;
}
