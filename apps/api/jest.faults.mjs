import base from '../../jest.base.mjs';

/** Tests that kill and wait: minutes, and one at a time, so that what they measure is theirs. */
export default { ...base, testMatch: ['<rootDir>/faults/**/*.test.ts'], maxWorkers: 1 };
