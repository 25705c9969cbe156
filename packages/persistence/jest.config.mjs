import base from '../../jest.base.mjs';

// Two at once even where there are but two cores: those of the jobs mostly wait.
export default { ...base, maxWorkers: 2 };
