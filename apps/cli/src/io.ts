import type { Readable, Writable } from 'node:stream';
import type { DatabaseStatus, OpenPlatform } from '@claviger/composition';

/** A stream that may be a terminal. */
type Terminal<Stream> = Stream & { readonly isTTY?: boolean };

/** All that a command touches of the world; tests bring their own. */
export interface Io {
  readonly stdin: Terminal<Readable>;
  readonly stdout: Terminal<Writable>;
  readonly stderr: Writable;
  readonly backend: Backend;
}

/** What a command has of a platform that was opened for it. */
export type Opened = Pick<OpenPlatform, 'platform' | 'close'>;

/** What stands behind the commands. */
export interface Backend {
  openPlatform(wanted: Wanted): Promise<Opened>;
  databaseStatus(wanted: Wanted): Promise<DatabaseStatus>;
  migrateDatabase(wanted: Wanted): Promise<DatabaseStatus>;
}

export interface Wanted {
  /** The configuration file, when `--config` names one. */
  readonly file: string | undefined;
  /** For whoever sits there: one line. */
  readonly tell: (line: string) => void;
}
