import type { DatabaseStatus } from '@claviger/composition';
import type { Session } from '../session.js';
import { migrationsTable } from '../tables.js';

export async function migrateDatabase(session: Session): Promise<void> {
  await printStatus(session, await session.patiently(session.io.backend.migrateDatabase(session.wanted)));
}

export async function databaseStatus(session: Session): Promise<void> {
  await printStatus(session, await session.patiently(session.io.backend.databaseStatus(session.wanted)));
}

async function printStatus(session: Session, { applied, pending, unknown }: DatabaseStatus): Promise<void> {
  await session.print({ applied, pending, unknown }, () =>
    migrationsTable([
      ...applied.filter((name) => !unknown.includes(name)).map((name) => [name, 'applied'] as const),
      ...pending.map((name) => [name, 'pending'] as const),
      ...unknown.map((name) => [name, 'of a newer program'] as const),
    ]),
  );
}
