import { Module, type DynamicModule } from '@nestjs/common';
import { AccountsController } from './accounts/accounts.controller.js';
import { CredentialsController } from './accounts/credentials.controller.js';
import { HealthController } from './health.controller.js';
import { LIFE, type Life } from './life.js';
import { LINK_BASE } from './link-base.js';
import { SERVICE, type Service } from './service.js';

export interface Ground {
  readonly service: Service;
  readonly life: Life;
  readonly linkBase: string | null;
}

@Module({})
export class ApiModule {
  static over({ service, life, linkBase }: Ground): DynamicModule {
    return {
      module: ApiModule,
      controllers: [HealthController, AccountsController, CredentialsController],
      providers: [
        { provide: SERVICE, useValue: service },
        { provide: LIFE, useValue: life },
        { provide: LINK_BASE, useValue: linkBase },
      ],
    };
  }
}
