// Makes `dist/main.js` of an app from what the compiler left in `build/`: one program in a few files instead of a thousand
// modules, because finding and reading those is most of what a start costs. Run in the app's own folder.
//
// A CommonJS package that is loaded by `import()` has nothing but a `default` here.
import { rmSync } from 'node:fs';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });

await build({
  entryPoints: ['build/main.js'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minifyWhitespace: true,
  lineLimit: 120,
  // Otherwise the paths of tsconfig.json lead past what the compiler wrote, and with it past the decorators' metadata.
  tsconfigRaw: {},
  external: [
    // Compiled, or they read files that lie beside their code.
    'better-sqlite3',
    '@node-rs/argon2',
    'graphile-worker',
    'oidc-provider',
    'swagger-ui-dist',
    // Large, and rarely wanted.
    '@zxcvbn-ts/language-common',
    'pino-pretty',
    // Asked for by libraries, should they be there, and they are not.
    '@fastify/multipart',
    '@fastify/static',
    '@fastify/view',
    '@nestjs/microservices',
    '@nestjs/platform-express',
    '@nestjs/websockets',
    'class-transformer',
    'pg-native',
    'pg-query-stream',
    'react-native-sqlite-storage',
  ],
  plugins: [{ name: 'left-out', setup: leaveOut }],
  // What CommonJS modules find in their scope.
  banner: {
    js: "const require = process.getBuiltinModule('node:module').createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;",
  },
  logLevel: 'warning',
});

/** What libraries load at once and what is never asked for here. */
function leaveOut({ onLoad, onResolve }) {
  // TypeORM's drivers for other databases, half of its code.
  const others =
    'aurora-mysql|aurora-postgres|capacitor|cockroachdb|cordova|expo|mongodb|mysql|nativescript|oracle|react-native|sap|spanner|sqljs|sqlserver';
  onLoad({ filter: new RegExp(`/typeorm/driver/(${others})/`) }, () => ({ contents: '' }));

  // Commander's way to start a subcommand that is a program of its own.
  onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
    importer.includes('/commander/') ? { path: 'child_process', namespace: 'left-out' } : undefined,
  );
  onLoad({ filter: /./, namespace: 'left-out' }, () => ({ contents: '' }));
}
