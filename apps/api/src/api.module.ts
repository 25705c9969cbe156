import type { Config } from '@claviger/composition';
import { Module, type DynamicModule } from '@nestjs/common';
import { AccountsController } from './accounts/accounts.controller.js';
import { CredentialsController } from './accounts/credentials.controller.js';
import { RotationsController } from './accounts/rotations.controller.js';
import { AuditController } from './audit/audit.controller.js';
import { CONFIG } from './config.js';
import { HealthController } from './health.controller.js';
import { LIFE, type Life } from './life.js';
import { LINK_BASE } from './link-base.js';
import { OAuthController } from './oauth/oauth.controller.js';
import { SERVICE, type Service } from './service.js';
import { LoginController } from './users/login.controller.js';
import { SessionsController } from './users/sessions.controller.js';
import { TokensController } from './users/tokens.controller.js';
import { UsersController } from './users/users.controller.js';
import { DeliveriesController } from './webhooks/deliveries.controller.js';
import { WebhooksController } from './webhooks/webhooks.controller.js';

export interface Ground {
  readonly service: Service;
  readonly life: Life;
  readonly config: Config;
}

@Module({})
export class ApiModule {
  static over({ service, life, config }: Ground): DynamicModule {
    return {
      module: ApiModule,
      controllers: [
        HealthController,
        AccountsController,
        CredentialsController,
        RotationsController,
        LoginController,
        TokensController,
        SessionsController,
        UsersController,
        OAuthController,
        AuditController,
        WebhooksController,
        DeliveriesController,
      ],
      providers: [
        { provide: SERVICE, useValue: service },
        { provide: LIFE, useValue: life },
        { provide: CONFIG, useValue: config },
        { provide: LINK_BASE, useValue: config['http.publicUrl'] },
      ],
    };
  }
}
