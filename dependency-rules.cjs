// The arrows between the rooms of the house. Each rule says why it is there; `pnpm run deps` checks them.

/** A room by its files, and by its name when a package that must not know it cannot even resolve it. */
const room = (names) => `^(packages/(${names})/|@claviger/(${names})(/|$))`;
const library = (name) => `(^|/node_modules/)${name}(/|$)`;

const OWN = '^(packages|apps)/|^@claviger/';
const TESTS = '\\.test\\.ts$|^(packages|apps)/[^/]+/(test|faults)/|^packages/testing/|/jest\\.config\\.mjs$';

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    rule(
      'domain-stands-alone',
      'The rules must be readable, testable and usable by other teams without anything else, `node:` included.',
      { path: '^packages/domain/src/', pathNot: TESTS },
      { pathNot: '^packages/domain/src/' },
    ),
    rule(
      'application-knows-only-domain',
      'A use case is a function over ports: what stands behind a port is chosen elsewhere.',
      { path: '^packages/application/src/', pathNot: TESTS },
      { pathNot: `^packages/application/src/|${room('domain')}` },
    ),
    rule(
      'adapters-know-only-domain',
      'An adapter keeps the promises of a port; knowing use cases or another adapter would tie technologies together.',
      { path: '^packages/(persistence|crypto|limits|webhooks)/', pathNot: TESTS },
      { path: OWN, pathNot: `^packages/$1/|${room('domain')}` },
    ),
    rule(
      'adapters-are-opened-by-composition-alone',
      'Ports meet adapters in one place, so that three apps cannot be wired in three ways.',
      { pathNot: '^packages/(persistence|crypto|limits|webhooks|composition)/' },
      { path: room('persistence|crypto|limits|webhooks') },
    ),
    rule(
      'testing-knows-only-domain',
      'Ports and stores need nothing else, and the tests of every other package can then build on it without a cycle.',
      { path: '^packages/testing/' },
      { path: OWN, pathNot: `^packages/testing/|${room('domain')}` },
    ),
    rule(
      'edges-do-not-know-each-other',
      'API, CLI and worker hold the same platform; what two of them share belongs further in.',
      { path: '^apps/([^/]+)/' },
      { path: '^apps/|^@claviger/(api|cli|worker|bench|console)(/|$)', pathNot: '^apps/$1/' },
    ),
    rule(
      'rooms-do-not-know-the-edges',
      'The arrows point inwards: no package may depend on how it is reached.',
      { path: '^packages/' },
      { path: '^apps/|^@claviger/(api|cli|worker|bench|console)(/|$)' },
    ),
    rule(
      'nest-stays-in-the-api',
      'A framework is a detail of one edge.',
      { path: '^(packages|apps)/', pathNot: '^apps/api/' },
      { path: library('@nestjs/[^/]+') },
    ),
    rule(
      'typeorm-stays-in-persistence',
      'Transactions, locks and rows are known to persistence alone.',
      { path: '^(packages|apps)/', pathNot: '^packages/persistence/' },
      { path: library('typeorm') },
    ),
    rule(
      'commander-stays-in-the-cli',
      'A framework is a detail of one edge.',
      { path: '^(packages|apps)/', pathNot: '^apps/cli/' },
      { path: library('commander') },
    ),
    rule(
      'no-cycles',
      'Two files that need each other are one thing, or hide a third; a cycle also makes the order of loading matter.',
      {},
      { circular: true },
    ),
    rule(
      'tests-are-not-imported',
      'What runs in production must not lean on doubles, and a test that imports a test runs it twice.',
      // The bench is no part of production either, and measures on the servers that tests bring.
      { pathNot: `${TESTS}|^apps/bench/` },
      { path: `${room('testing')}|\\.test\\.ts$|^(packages|apps)/[^/]+/(test|faults)/` },
    ),
    rule(
      'tests-do-not-import-tests',
      'A test that imports a test runs it twice; what two tests share is a file of its own.',
      { path: TESTS },
      { path: '\\.test\\.ts$' },
    ),
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    // A neighbour is seen as its built `dist` when there is one; what lies in there is not looked at again.
    doNotFollow: { path: 'node_modules|/(build|dist)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
