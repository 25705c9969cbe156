import type { Config } from '@claviger/composition';
import type { Allowance } from '@claviger/domain';

// RateLimit fields as the IETF's HTTPAPI group writes them (draft-ietf-httpapi-ratelimit-headers): lists of structured
// fields; q: quota, w: window, r: remaining, t: until the window ends. Times are seconds.

export type FailureConfig = Pick<Config, 'limits.failures.perKeyAndAddress' | 'limits.failures.window'>;

/** What a caller may still ask for. @param window milliseconds */
export function allowanceHeaders({ limit, remaining, resetIn }: Allowance, window: number): Record<string, string> {
  return {
    'ratelimit-policy': `"requests";q=${limit};w=${seconds(window)}`,
    ratelimit: `"requests";r=${Math.max(0, remaining)};t=${seconds(resetIn)}`,
  };
}

/** For whoever failed to authenticate too often. @param wait seconds */
export function failureHeaders(config: FailureConfig, wait: number): Record<string, string> {
  const [quota, window] = [config['limits.failures.perKeyAndAddress'], config['limits.failures.window']];
  return {
    'ratelimit-policy': `"failures";q=${quota};w=${seconds(window)}`,
    ratelimit: `"failures";r=0;t=${wait}`,
  };
}

function seconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000);
}
