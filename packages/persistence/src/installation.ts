import type { Engine } from './engine.js';
import { INSTALLATION } from './schemas.js';

/** What an installation knows of itself, by name. Never a secret. */
export interface Installation {
  /** Keeps the value unless there is one, and gives the one that is kept: processes that start together agree. */
  claim(name: string, value: string): Promise<string>;
  replace(name: string, value: string): Promise<void>;
}

export function installationOn(engine: Engine): Installation {
  return {
    claim: (name, value) =>
      engine.write(async (manager) => {
        await manager.createQueryBuilder().insert().into(INSTALLATION).values({ name, value }).orIgnore().execute();
        return (await manager.findOneByOrFail(INSTALLATION, { name })).value;
      }),
    replace: (name, value) =>
      engine.write(async (manager) => {
        await manager.upsert(INSTALLATION, { name, value }, ['name']);
      }),
  };
}

/** The peppers that at least one stored secret needs. Steps from one to the next through the index: few steps among many rows. */
export function pepperIdsInUse(engine: Engine): Promise<readonly string[]> {
  return engine.read(async (manager) => {
    const credentials: { pepper: string }[] = await manager.query(`
      WITH RECURSIVE used(pepper) AS (
        SELECT MIN(secret_pepper) FROM credentials
        UNION ALL
        SELECT (SELECT MIN(secret_pepper) FROM credentials WHERE secret_pepper > used.pepper)
        FROM used WHERE used.pepper IS NOT NULL
      ) SELECT pepper FROM used WHERE pepper IS NOT NULL`);
    const boxes: { pepper: string }[] = await manager.query(`
      SELECT secret_key AS pepper FROM webhooks
      UNION SELECT former_key FROM webhooks WHERE former_key IS NOT NULL AND former_until > ${String(Date.now())}
      UNION SELECT secret_key FROM signing_keys`);
    return [...new Set([...credentials, ...boxes].map(({ pepper }) => pepper))];
  });
}
