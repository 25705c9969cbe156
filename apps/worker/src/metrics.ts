import type { Platform } from '@claviger/application';
import type { JobRunner, Waiting } from '@claviger/domain';
import { Counter, Gauge, Registry } from 'prom-client';

export interface Metrics {
  readonly jobs: Counter<'task' | 'result'>;
  readonly attempts: Counter<'result'>;
  /** Everything in the form that Prometheus reads. */
  readonly text: () => Promise<string>;
  readonly contentType: string;
}

/** What a worker has done and how far it is behind. What waits is asked of the database each time somebody looks. */
export function openMetrics(
  platform: Pick<Platform, 'showBacklog'>,
  runner: Pick<JobRunner, 'lag'>,
  now: () => number,
): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const waiting = new Gauge({
    name: 'claviger_waiting',
    help: 'What waits for a worker: jobs that are due, events to be published, audit records to be sealed.',
    labelNames: ['kind'] as const,
    registers,
  });
  const lag = new Gauge({
    name: 'claviger_lag_seconds',
    help: 'How long the oldest of them has waited.',
    labelNames: ['kind'] as const,
    registers,
  });
  const look = async () => {
    const [{ due, oldest }, { unpublished, unsealed }] = await Promise.all([runner.lag(), platform.showBacklog()]);
    const kinds: [string, Waiting][] = [
      ['jobs', { count: due, oldest }],
      ['events', unpublished],
      ['seals', unsealed],
    ];
    for (const [kind, each] of kinds) {
      waiting.set({ kind }, each.count);
      lag.set({ kind }, each.oldest === null ? 0 : Math.max(0, now() - each.oldest) / 1000);
    }
  };
  return {
    jobs: new Counter({
      name: 'claviger_jobs_total',
      help: 'Jobs that ended, by task and result.',
      labelNames: ['task', 'result'] as const,
      registers,
    }),
    attempts: new Counter({
      name: 'claviger_delivery_attempts_total',
      help: 'Attempts to deliver an event to a webhook.',
      labelNames: ['result'] as const,
      registers,
    }),
    text: async () => {
      await look();
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}
