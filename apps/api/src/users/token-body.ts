import { IsDefined, IsString } from 'class-validator';
import { says } from '../shape.pipe.js';

export class TokenBody {
  @IsDefined(says('required'))
  @IsString(says('not_text'))
  readonly name!: string;
}
