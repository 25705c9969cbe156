import type { WebhookStatement } from '@claviger/domain';
import { IsArray, IsBoolean, IsDefined, IsOptional, IsString } from 'class-validator';
import { says } from '../shape.pipe.js';

class WebhookOptions {
  @IsOptional()
  @IsArray(says('not_list'))
  @IsString({ each: true, ...says('not_list') })
  readonly events?: string[] | null;

  @IsOptional()
  @IsString(says('not_text'))
  readonly description?: string | null;

  @IsOptional()
  @IsBoolean(says('not_boolean'))
  readonly enabled?: boolean | null;
}

export class NewWebhookBody extends WebhookOptions implements WebhookStatement {
  @IsOptional()
  @IsString(says('not_text'))
  readonly appId?: string | null;

  @IsDefined(says('required'))
  @IsString(says('not_text'))
  readonly url!: string;
}

/** What is left out stays. */
export class WebhookBody extends WebhookOptions {
  @IsOptional()
  @IsString(says('not_text'))
  readonly url?: string | null;
}
