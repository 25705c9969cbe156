export { ConfigError } from './config-error.js';
export { CONFIG_KEYS, variableOf, type Config, type ConfigKey } from './config-keys.js';
export { configWith, loadConfig, type ConfigSources, type LoadedConfig } from './config.js';
export { DatabaseRefused } from './database-refused.js';
export { databaseStatus, migrateDatabase, type DatabaseStatus } from './database.js';
export { createLog, openLog, type Log } from './log.js';
export { openPlatform, type OpenPlatform } from './open-platform.js';
export { withoutSecrets } from './without-secrets.js';
export { believesHeaderFrom, demandTrustedHeader } from './user-header-trust.js';
