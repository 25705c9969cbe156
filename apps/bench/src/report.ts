import type { Measured } from './load.js';

export interface Sample extends Measured {
  /** Microseconds of processor time. */
  readonly cpuPerRequest: number;
}

/** One variant and what each of its turns measured. */
export interface Round {
  readonly name: string;
  readonly samples: Sample[];
}

function median(round: Round, figure: keyof Sample): number {
  const sorted = round.samples.map((sample) => sample[figure]).toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** Medians over all turns as a Markdown table; ratios are against the first variant of a group, more is better. */
export function tableOf(groups: readonly (readonly Round[])[]): string {
  const head = '| variant | requests/s | ratio | CPU µs/request | CPU ratio | p99 ms |\n|---|---:|---:|---:|---:|---:|';
  return [head, ...groups.flatMap(rowsOf)].join('\n');
}

function rowsOf(group: readonly Round[]): string[] {
  const [base] = group;
  return group.map((round) => {
    const perSecond = median(round, 'requestsPerSecond');
    const cpu = median(round, 'cpuPerRequest');
    const ratio = base ? perSecond / median(base, 'requestsPerSecond') : NaN;
    const cpuRatio = base ? median(base, 'cpuPerRequest') / cpu : NaN;
    const p99 = median(round, 'p99');
    return `| ${round.name} | ${perSecond.toFixed(0)} | ${ratio.toFixed(2)} | ${cpu.toFixed(0)} | ${cpuRatio.toFixed(2)} | ${p99} |`;
  });
}
