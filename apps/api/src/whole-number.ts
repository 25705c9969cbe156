/** A number in a URL; NaN for whatever is none: the use case says what a number may be. */
export function wholeNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return /^\d{1,15}$/.test(text) ? Number(text) : NaN;
}
