export type { FailureRule } from './failure-guard.js';
export { openLimits, type CounterPlace, type Limits, type LimitsOptions } from './open-limits.js';
export type { RequestRule } from './request-limit.js';
