import { readdir, readFile } from 'node:fs/promises';
import { afterEach, expect, jest, test } from '@jest/globals';

const textOf = (path: string): Promise<string> => readFile(new URL(path, import.meta.url), 'utf8');

afterEach(() => {
  jest.restoreAllMocks();
});

test('the README shows the example as it is', async () => {
  const [, shown] = /```ts\n([\s\S]*?)```/.exec(await textOf('../README.md')) ?? [];
  expect(shown).toBe(await textOf('../examples/first-account.ts'));
});

test('the example prints what its comments say', async () => {
  const example = await textOf('../examples/first-account.ts');
  const promised = [...example.matchAll(/^ *console\.log\(.*\); \/\/ (.*)$/gm)].map((match) => match[1]);
  const log = jest.spyOn(console, 'log').mockReturnValue();
  await import('../examples/first-account.js');
  expect(log.mock.calls.map(([printed]) => JSON.stringify(printed))).toEqual(promised);
  expect(promised).toHaveLength(6);
});

test('the map of the README names every file', async () => {
  const files = (await readdir(new URL('.', import.meta.url))).filter((name) => !name.endsWith('.test.ts'));
  const named = [...(await textOf('../README.md')).matchAll(/\]\(src\/([^)]+)\)/g)].map((match) => match[1] ?? '');
  expect(named.toSorted()).toEqual(files.toSorted());
});
