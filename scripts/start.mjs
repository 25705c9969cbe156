// `npm start`: installs, builds, then runs the API and the worker side by side until Ctrl-C, or until one of them ends.
// A general-purpose runner will not do: Ctrl-C reaches a whole process group and is then passed on once more by npm and by
// the runner, and a second signal tells our processes to drop what they are doing. package.json starts this with `exec`,
// because a shell in between would die of npm's signal and leave everything behind it running.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Signals that arrive within this many milliseconds of one another are one wish, however many ways it took. */
const ONE_WISH = 500;

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const { packageManager } = JSON.parse(readFileSync('package.json', 'utf8'));
const pnpm = ['npx', '-y', '--no-progress', packageManager];
process.env.TURBO_TELEMETRY_DISABLED = '1';

const running = new Set();
let wishedAt = -Infinity;
let stopping = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    const repeated = performance.now() - wishedAt < ONE_WISH;
    wishedAt = performance.now();
    if (!repeated) stop(signal);
  });
}

if (!(await run([...pnpm, 'install'])) && !(await run([...pnpm, '--silent', 'run', 'build']))) {
  const codes = await Promise.all(
    ['apps/api', 'apps/worker'].map((app) => run(['node', `${app}/dist/main.js`]).finally(endTheOther)),
  );
  process.exitCode = codes.find((code) => code !== 0) ?? 0;
} else {
  process.exitCode = stopping ? 130 : 1;
}

/** Each child leads a process group of its own, so that a signal reaches it once, and everything that it started too. */
function run([command, ...args]) {
  if (stopping) return Promise.resolve(1);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', detached: true });
    running.add(child);
    child.once('error', reject);
    child.once('exit', (code) => {
      running.delete(child);
      resolve(code ?? (stopping ? 0 : 1));
    });
  });
}

/** Unless it is ending already: a second signal would tell it to drop what it is finishing. */
function endTheOther() {
  if (!stopping) stop('SIGTERM');
}

function stop(signal) {
  stopping = true;
  for (const child of running) process.kill(-child.pid, signal);
}
