import { once } from 'node:events';
import type { Platform } from '@claviger/application';
import { DONE } from './exit-codes.js';
import type { Io, Opened, Wanted } from './io.js';

/** Options that every command takes, in any position. */
export interface GlobalOptions {
  readonly output?: OutputFormat;
  readonly config?: string;
  readonly yes?: boolean;
}

export const OUTPUT_FORMATS = ['table', 'json', 'yaml'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** Longer than a database at hand ever takes. */
const SILENT_MS = 2000;

/** One run of one command: what it was told, and its two ways to speak. */
export class Session {
  exitCode: number = DONE;
  private opened: Opened | undefined;

  constructor(
    readonly io: Io,
    private readonly options: () => GlobalOptions,
  ) {}

  get format(): OutputFormat {
    return this.options().output ?? (this.io.stdout.isTTY ? 'table' : 'json');
  }

  get yes(): boolean {
    return this.options().yes ?? false;
  }

  get wanted(): Wanted {
    return { file: this.options().config, tell: (line) => this.tell(line) };
  }

  /** Opened by the first who asks, closed at the end of the run. */
  async platform(): Promise<Platform> {
    this.opened ??= await this.patiently(this.io.backend.openPlatform(this.wanted));
    return this.opened.platform;
  }

  /** The result, on stdout, and nothing else. @param table the same for people; it may speak beside it on stderr */
  async print(result: unknown, table: () => string = () => String(result)): Promise<void> {
    const text = await this.render(result, table);
    if (text !== '') await this.write(text);
  }

  /** One of many results, each on a line of its own: JSON in any case. */
  async printLine(result: unknown): Promise<void> {
    await this.write(JSON.stringify(result));
  }

  /** A word to whoever sits there, on stderr. */
  tell(line: string): void {
    this.io.stderr.write(`${line}\n`);
  }

  async close(): Promise<void> {
    await this.opened?.close();
  }

  async patiently<T>(opening: Promise<T>): Promise<T> {
    const timer = setTimeout(() => this.tell('Waiting for the database ...'), SILENT_MS);
    try {
      return await opening;
    } finally {
      clearTimeout(timer);
    }
  }

  private async write(text: string): Promise<void> {
    if (!this.io.stdout.write(`${text}\n`)) await once(this.io.stdout, 'drain');
  }

  private async render(result: unknown, table: () => string): Promise<string> {
    if (this.format === 'table') return table();
    if (this.format === 'json') return JSON.stringify(result, null, 2);
    const { default: yaml } = await import('yaml');
    return yaml.stringify(result).trimEnd();
  }
}
