#!/usr/bin/env node
import { configuredBackend } from './backend.js';
import { run } from './run.js';

const { stdout, stderr, env, argv } = process;

// Whoever reads us has read enough, as `head` does.
stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 70));

process.exitCode = await run(argv.slice(2), {
  // Opened by the first who reads it.
  get stdin() {
    return process.stdin;
  },
  stdout,
  stderr,
  backend: configuredBackend(env, process.cwd()),
});
