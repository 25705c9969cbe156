import type { Measured } from './load.js';
import { median } from './statistics.js';

export interface Sample extends Measured {
  /** Microseconds of processor time. */
  readonly cpuPerRequest: number;
  /** Resident, in MB. */
  readonly memory: number;
}

/** One variant and what each launch measured of it. */
export interface Round {
  readonly name: string;
  readonly samples: readonly Sample[];
}

export interface Figures {
  readonly name: string;
  readonly requestsPerSecond: number;
  readonly cpuPerRequest: number;
  /** Of the first of the group, divided by this one's. */
  readonly cpuRatio: number;
  /** The least and the most of all launches. */
  readonly cpuRatios: readonly [number, number];
  readonly p99: number;
  /** This one's, divided by that of the first of the group. */
  readonly p99Ratio: number;
  readonly memory: number;
}

/** Medians over all launches. A ratio compares what was measured in one launch with the first variant of the group. */
export function figuresOf(group: readonly Round[]): Figures[] {
  const [base] = group;
  return group.map(({ name, samples }) => {
    const of = (figure: keyof Sample) => median(samples.map((sample) => sample[figure]));
    const ratios = (figure: keyof Sample) =>
      samples.map((sample, launch) => (base?.samples[launch]?.[figure] ?? NaN) / sample[figure]);
    const cpuRatios = ratios('cpuPerRequest').toSorted((one, other) => one - other);
    return {
      name,
      requestsPerSecond: of('requestsPerSecond'),
      cpuPerRequest: of('cpuPerRequest'),
      cpuRatio: median(cpuRatios),
      cpuRatios: [cpuRatios[0] ?? NaN, cpuRatios.at(-1) ?? NaN],
      p99: of('p99'),
      p99Ratio: 1 / median(ratios('p99')),
      memory: of('memory'),
    };
  });
}

/** As a Markdown table. */
export function tableOf(groups: readonly (readonly Round[])[]): string {
  const head =
    '| variant | requests/s | CPU µs/request | CPU ratio | least to most | p99 ms | p99, times bare | memory MB |\n' +
    '|---|---:|---:|---:|---:|---:|---:|---:|';
  return [head, ...groups.flatMap((group) => figuresOf(group).map(rowOf))].join('\n');
}

function rowOf(figures: Figures): string {
  const { name, requestsPerSecond, cpuPerRequest, cpuRatio, cpuRatios, p99, p99Ratio, memory } = figures;
  const [least, most] = cpuRatios;
  const spread = `${least.toFixed(2)} to ${most.toFixed(2)}`;
  const cells = [requestsPerSecond.toFixed(0), cpuPerRequest.toFixed(0), cpuRatio.toFixed(2), spread];
  return `| ${[name, ...cells, p99.toFixed(1), p99Ratio.toFixed(1), memory.toFixed(0)].join(' | ')} |`;
}
