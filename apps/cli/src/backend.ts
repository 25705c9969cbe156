import type { Config } from '@claviger/composition';
import type { Backend, Wanted } from './io.js';

/** The configured platform and database, loaded when a command asks for them. */
export function configuredBackend(env: NodeJS.ProcessEnv, cwd: string): Backend {
  const composition = () => import('@claviger/composition');

  async function configOf({ file, tell }: Wanted): Promise<Config> {
    const { config, warnings } = (await composition()).loadConfig({ env, cwd, file });
    for (const warning of warnings) tell(`warning: ${warning}`);
    return config;
  }

  return {
    // The operator proves nothing: there are no failures to count.
    openPlatform: async (wanted) =>
      (await composition()).openPlatform(await configOf(wanted), undefined, { guarded: false }),
    databaseStatus: async (wanted) => (await composition()).databaseStatus(await configOf(wanted)),
    migrateDatabase: async (wanted) => (await composition()).migrateDatabase(await configOf(wanted)),
  };
}
