// What docs/promises.md promises, and the tests that it names; with --check it fails when one of them does not exist.
import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const PAGE = new URL('../docs/promises.md', import.meta.url);

/** `## 3. Title`, and below it `- [file](../path/of/file): _name of the test_`. */
export function readPromises() {
  const [, ...sections] = readFileSync(PAGE, 'utf8').split(/^## (?=\d+\. )/m);
  return sections.map((section) => {
    const [, number, title] = /^(\d+)\. (.+)$/m.exec(section) ?? [];
    // Prettier may break a line within a name.
    const named = section.replaceAll(/\n {2,}/g, ' ').matchAll(/^- \[(\S+)\]\(\.\.\/(\S+)\): _(.+)_$/gm);
    const tests = [...named].map(([, text, path, name]) => ({ text, path, name }));
    return { number: Number(number), title, tests };
  });
}

function problems() {
  const promises = readPromises();
  const found = promises.flatMap(({ number, tests }) => {
    const missing = tests.filter(({ text, path, name }) => !path.endsWith(`/${text}`) || !hasTest(path, name));
    const lines = missing.map(({ path, name }) => `promise ${number}: there is no test “${name}” in ${path}`);
    return tests.length === 0 ? [`promise ${number} names no test`] : lines;
  });
  const counted = promises.every(({ number }, i) => number === i + 1);
  return promises.length > 0 && counted ? found : [...found, 'the promises are not counted from 1'];
}

function hasTest(path, name) {
  const file = new URL(`../${path}`, import.meta.url);
  if (!existsSync(file)) return false;
  const escaped = name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(String.raw`(\btest|\))\(\s*(['"\`])${escaped}\2,`).test(readFileSync(file, 'utf8'));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const lines = problems();
  for (const line of lines) console.error(`docs/promises.md: ${line}`);
  if (lines.length > 0) process.exitCode = 1;
}
