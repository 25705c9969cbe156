import type { Stores, UnitOfWork } from '@claviger/domain';
import type { EntityManager } from 'typeorm';
import type { Engine } from './engine.js';
import { jobQueueOn } from './job-queues.js';
import { TypeOrmAccountStore } from './typeorm-account-store.js';
import { TypeOrmArtifactStore } from './typeorm-artifact-store.js';
import { TypeOrmAuditTrail } from './typeorm-audit-trail.js';
import { TypeOrmAuthorizationStore } from './typeorm-authorization-store.js';
import { TypeOrmDeliveryStore } from './typeorm-delivery-store.js';
import { TypeOrmSessionStore } from './typeorm-session-store.js';
import { TypeOrmSigningKeyStore } from './typeorm-signing-key-store.js';
import { TypeOrmTokenStore } from './typeorm-token-store.js';
import { TypeOrmUserStore } from './typeorm-user-store.js';
import { TypeOrmWebhookStore } from './typeorm-webhook-store.js';

export class TypeOrmUnitOfWork implements UnitOfWork {
  constructor(private readonly engine: Engine) {}

  run<T>(work: (stores: Stores) => Promise<T>): Promise<T> {
    return this.engine.write((manager) => work(storesOn(manager)));
  }
}

function storesOn(manager: EntityManager): Stores {
  const audit = new TypeOrmAuditTrail(manager);
  return {
    accounts: new TypeOrmAccountStore(manager, audit),
    users: new TypeOrmUserStore(manager, audit),
    authorizations: new TypeOrmAuthorizationStore(manager, audit),
    tokens: new TypeOrmTokenStore(manager, audit),
    sessions: new TypeOrmSessionStore(manager, audit),
    webhooks: new TypeOrmWebhookStore(manager, audit),
    deliveries: new TypeOrmDeliveryStore(manager),
    audit,
    jobs: jobQueueOn(manager),
    oauth: new TypeOrmArtifactStore(manager),
    signingKeys: new TypeOrmSigningKeyStore(manager, audit),
  };
}
