import { IsOptional, IsString } from 'class-validator';
import { says } from '../shape.pipe.js';

export class WebhookQuery {
  @IsOptional()
  @IsString(says('repeated'))
  readonly appId?: string;
}

export class DeliveriesQuery {
  @IsOptional()
  @IsString(says('repeated'))
  readonly status?: string;

  @IsOptional()
  @IsString(says('repeated'))
  readonly limit?: string;

  @IsOptional()
  @IsString(says('repeated'))
  readonly cursor?: string;
}
