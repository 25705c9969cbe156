import { press } from './load.js';
import type { Subject } from './subject.js';

/** Microseconds of a check by Platform authentication. */
export async function cpuOfCheck({ api, loads }: Subject, seconds: number): Promise<number> {
  const before = await api.cpu();
  const { requestsPerSecond } = await press(loads.hit, seconds);
  return (((await api.cpu()) - before) * 1000) / (requestsPerSecond * seconds);
}
