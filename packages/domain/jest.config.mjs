import base from '../../jest.base.mjs';

/** The README's example imports this package by its name, as its readers do. */
const itself = { '^@claviger/domain$': '<rootDir>/src/index.ts' };

export default { ...base, moduleNameMapper: { ...base.moduleNameMapper, ...itself } };
