import { Command, CommanderError, Option } from 'commander';
import { examples } from './commands/examples.js';
import { NOUNS } from './commands/nouns.js';
import { DONE, EXIT_CODES } from './exit-codes.js';
import type { Io } from './io.js';
import { OUTPUT_FORMATS, Session, type GlobalOptions } from './session.js';

/** Runs one command and tells its exit code. @param argv without the program's own name */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const program = new Command('claviger');
  const session = new Session(io, () => program.opts<GlobalOptions>());
  describe(program, io);
  for (const [name, { about, verbs }] of Object.entries(NOUNS)) {
    const noun = program.command(name).description(about);
    if (argv.includes(name)) (await verbs())(noun, session);
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
    return session.exitCode;
  } catch (error) {
    // Commander has spoken already, of help as of a mistake.
    if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : EXIT_CODES.invalid;
    const { explain } = await import('./explain.js');
    const { exitCode, message } = explain(error);
    session.tell(message);
    return exitCode;
  } finally {
    await session.close();
  }
}

function describe(program: Command, io: Io): void {
  program
    .description('Accounts and access keys for platforms. Works on the configured database, without a running API.')
    .version(version(), '-V, --version')
    .addOption(
      new Option('-o, --output <format>', 'how results are shown (default: table on a terminal, else json)').choices(
        OUTPUT_FORMATS,
      ),
    )
    .option('--config <file>', 'the configuration file (default: CLAVIGER_CONFIG, else claviger.yml)')
    .option('-y, --yes', 'do not ask before something is deleted')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      // What stands behind a mistyped option may be a secret.
      outputError: (text, write) => write(text.replace(/'(--?[\w-]+)=[^']*'/, "'$1'")),
    })
    .addHelpText(
      'after',
      `${examples('claviger account create billing --grant PLATFORM', 'claviger credential list billing')}\n\n` +
        'Exit codes: 0 done, 2 wrong usage or input, 3 not allowed, locked, or the answer is no,\n' +
        '            4 missing, 5 conflict or impossible, 70 our bug, 75 database busy or away',
    )
    .exitOverride();
}

function version(): string {
  // An import of all of node:fs would cost a tenth of the start.
  const { readFileSync } = process.getBuiltinModule('node:fs');
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
