import type { Clock } from '@claviger/domain';

export const systemClock: Clock = { now: () => Date.now() };
