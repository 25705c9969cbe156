import { afterEach, beforeEach } from '@jest/globals';
import { apiOverMemory, type ApiOverMemory } from '../../test/api-over-memory.js';
import { originalExamples } from '../../test/original-examples.js';

let api: ApiOverMemory;
beforeEach(async () => {
  api = await apiOverMemory();
});
afterEach(() => api.app.close());

originalExamples('', () => api);
originalExamples('/ms', () => api);
