import type { EntityManager, EntitySchema } from 'typeorm';

/** Removes at most `limit` rows whose time is before `at`, the oldest first, and tells how many. */
export async function removeOldest<Row extends { id: unknown }>(
  manager: EntityManager,
  schema: EntitySchema<Row>,
  time: keyof Row & string,
  at: number,
  limit: number,
): Promise<number> {
  const oldest = manager
    .createQueryBuilder(schema, 'old')
    .select('old.id')
    .where(`old.${time} < :at`)
    .orderBy(`old.${time}`)
    .addOrderBy('old.id')
    .limit(limit);
  const removed = await manager
    .createQueryBuilder()
    .delete()
    .from(schema)
    .where(`id IN (${oldest.getQuery()})`, { at })
    .execute();
  return removed.affected ?? 0;
}
