import type { DatabaseStatus } from '../io.js';
import type { Session } from '../session.js';
import { migrationsTable } from '../tables.js';

export async function migrateDatabase(session: Session): Promise<void> {
  await printStatus(session, await session.patiently(session.io.backend.migrateDatabase(session.wanted)));
}

export async function databaseStatus(session: Session): Promise<void> {
  await printStatus(session, await session.patiently(session.io.backend.databaseStatus(session.wanted)));
}

async function printStatus(session: Session, { applied, pending }: DatabaseStatus): Promise<void> {
  await session.print({ applied, pending }, () =>
    migrationsTable([
      ...applied.map((name) => [name, 'applied'] as const),
      ...pending.map((name) => [name, 'waits'] as const),
    ]),
  );
}
