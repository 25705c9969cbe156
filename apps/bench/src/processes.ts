import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cpuOfCheck } from './cpu-per-request.js';
import { press } from './load.js';
import { median } from './statistics.js';
import { startSubject } from './subject.js';

export const WORKERS = 2;

/**
 * CPU of a check by several workers, the leader's too, divided by that of a single process; in turns, medians over the launches.
 * @param open makes an empty database
 */
export async function measureWorkers(
  folder: string,
  open: (folder: string) => Promise<string>,
  launches: number,
  seconds: number,
): Promise<number> {
  const ratios: number[] = [];
  for (let launch = 0; launch < launches; launch++) {
    const [alone, together] = [join(folder, `alone-${launch}`), join(folder, `together-${launch}`)];
    for (const each of [alone, together]) await mkdir(each);
    const single = await startSubject(alone, await open(alone));
    const several = await startSubject(together, await open(together), WORKERS);
    try {
      for (const { loads } of [single, several]) await press(loads.hit, 2);
      ratios.push((await cpuOfCheck(several, seconds)) / (await cpuOfCheck(single, seconds)));
    } finally {
      await single.api.stop();
      await several.api.stop();
    }
  }
  return median(ratios);
}
