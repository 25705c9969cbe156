import { IsOptional, IsString } from 'class-validator';
import { says } from '../shape.pipe.js';

export class TokenQuery {
  @IsOptional()
  @IsString(says('repeated'))
  readonly userId?: string;
}
