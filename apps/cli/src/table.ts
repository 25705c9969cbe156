import Table from 'cli-table3';

/** Columns apart, no lines: easy to read, and to cut with other tools. */
const PLAIN = {
  chars: {
    top: '',
    'top-mid': '',
    'top-left': '',
    'top-right': '',
    bottom: '',
    'bottom-mid': '',
    'bottom-left': '',
    'bottom-right': '',
    left: '',
    'left-mid': '',
    mid: '',
    'mid-mid': '',
    right: '',
    'right-mid': '',
    middle: '',
  },
  style: { 'padding-left': 0, 'padding-right': 3, head: [], border: [], compact: true },
};

type Cell = string | null;

/** @param head null: each row is a name and what it names */
export function table(head: readonly string[] | null, rows: readonly (readonly Cell[])[]): string {
  const made = new Table({ ...PLAIN, ...(head ? { head: [...head] } : {}) });
  for (const row of rows) made.push(row.map((cell) => (cell ? harmless(cell) : '-')));
  return made
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Texts come from strangers: none may move the cursor, colour the terminal or turn the line round. */
function harmless(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

export function day(date: string): string {
  return date.slice(0, 10);
}

export function time(date: string): string {
  return `${date.slice(0, 10)} ${date.slice(11, 19)} UTC`;
}

export function minute(date: string): string {
  return `${date.slice(0, 10)} ${date.slice(11, 16)}`;
}
