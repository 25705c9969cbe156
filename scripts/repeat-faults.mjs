// Runs the test of each promise so many times: node scripts/repeat-faults.mjs [times] [promise number ...]
// Tells what they measured: kills, changes acknowledged and lost, the longest recovery and propagation.
// It runs what `pnpm run build` has built.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readPromises } from './promises.mjs';

const [times = 20, ...numbers] = process.argv.slice(2).map(Number);
const JEST = fileURLToPath(new URL('../node_modules/jest/bin/jest.js', import.meta.url));
const NODE = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];

/** Added up over all runs. */
const SUMS = ['kills', 'acknowledged', 'lost', 'requests'];

const promises = readPromises().filter(({ number }) => numbers.length === 0 || numbers.includes(number));
const batches = batchesOf(promises.flatMap(({ tests }) => tests));
const measured = new Map();
let failures = 0;
for (let run = 1; run <= times; run++) {
  const began = Date.now();
  const failed = batches.filter((batch) => !passes(batch));
  failures += failed.length;
  const told = failed.length === 0 ? 'passed' : `FAILED: ${failed.map(({ folder }) => folder).join(', ')}`;
  console.log(`run ${run} of ${times}: ${told}, ${Math.round((Date.now() - began) / 1000)} s`);
}
for (const [what, sums] of measured) console.log(`${what}: ${JSON.stringify(sums)}`);
const all = [...measured.values()].reduce(addUp, {});
console.log(`in all: ${JSON.stringify(all)}; ${failures} failed of ${times * batches.length} runs of Jest`);
if (failures > 0) process.exitCode = 1;

/** One Jest for each package and configuration, with the files and the names of the tests in question. */
function batchesOf(tests) {
  const folders = new Map();
  for (const test of tests) {
    const folder = test.path.split('/').slice(0, 3).join('/');
    folders.set(folder, [...(folders.get(folder) ?? []), test]);
  }
  return [...folders].map(([folder, inFolder]) => ({
    folder,
    files: [...new Set(inFolder.map(({ path }) => path.split('/').slice(2).join('/')))],
    names: [...new Set(inFolder.map(({ name }) => name))],
  }));
}

function passes({ folder, files, names }) {
  const [kind, name, place] = folder.split('/');
  const config = place === 'faults' ? ['-c', 'jest.faults.mjs'] : [];
  const patterns = names.map((each) => each.split(/%\w/).map(escaped).join('.*'));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...NODE, JEST, ...config, '--runTestsByPath', ...files, '-t', patterns.join('|')],
    { cwd: fileURLToPath(new URL(`../${kind}/${name}`, import.meta.url)), encoding: 'utf8', maxBuffer: 2 ** 28 },
  );
  const said = `${stdout}${stderr}`;
  for (const [, what, json] of said.matchAll(/^measured: (.+?) (\{.*\})$/gm))
    measured.set(what, addUp(measured.get(what) ?? {}, JSON.parse(json)));
  if (status !== 0) console.error(said.slice(-8000));
  return status === 0;
}

function escaped(text) {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

function addUp(one, other) {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  const both = (name) =>
    SUMS.includes(name) ? (one[name] ?? 0) + (other[name] ?? 0) : Math.max(one[name] ?? 0, other[name] ?? 0);
  return Object.fromEntries([...names].map((name) => [name, both(name)]));
}
