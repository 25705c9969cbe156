import { IsDefined, IsString } from 'class-validator';
import { says } from '../shape.pipe.js';

export class LoginBody {
  @IsDefined(says('required'))
  @IsString(says('not_text'))
  readonly userId!: string;

  @IsDefined(says('required'))
  @IsString(says('not_text'))
  readonly password!: string;
}
