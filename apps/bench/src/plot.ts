import type { Figures } from './report.js';

const [WIDTH, LABELS, BAR, GAP] = [900, 460, 18, 10];
/** The longest bar; a little more than bare Fastify's 1. */
const MOST = 1.05;

/** Ratios as bars, with a line from the least to the most of all launches, as SVG. */
export function plotOf(title: string, figures: readonly Figures[]): string {
  const scale = (WIDTH - LABELS - 60) / MOST;
  const bars = figures.flatMap(({ name, cpuRatio, cpuRatios: [least, most] }, place) => {
    const top = 50 + place * (BAR + GAP);
    const [middle, end] = [top + BAR / 2, LABELS + cpuRatio * scale];
    return [
      `<text x="${LABELS - 8}" y="${middle + 4}" text-anchor="end">${escaped(name)}</text>`,
      `<rect x="${LABELS}" y="${top}" width="${round(cpuRatio * scale)}" height="${BAR}" fill="#4c78a8"/>`,
      `<line x1="${round(LABELS + least * scale)}" x2="${round(LABELS + most * scale)}" y1="${middle}" y2="${middle}" stroke="#111"/>`,
      `<text x="${round(Math.max(end, LABELS + most * scale)) + 6}" y="${middle + 4}">${cpuRatio.toFixed(2)}</text>`,
    ];
  });
  const height = 60 + figures.length * (BAR + GAP);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="13">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<text x="12" y="26" font-size="15">${escaped(title)}</text>`,
    ...bars,
    '</svg>\n',
  ].join('\n');
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
