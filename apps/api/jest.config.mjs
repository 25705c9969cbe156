import base from '../../jest.base.mjs';

/** The longest of the test runs, much of it spent waiting for processes and browsers: it takes every core there is. */
export default { ...base, maxWorkers: '100%' };
