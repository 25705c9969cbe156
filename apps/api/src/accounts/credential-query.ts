import { IsOptional, IsString } from 'class-validator';
import { says } from '../shape.pipe.js';

export class CredentialQuery {
  @IsOptional()
  @IsString(says('repeated'))
  readonly type?: string;
}
