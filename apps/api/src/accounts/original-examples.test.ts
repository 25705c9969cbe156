import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { apiOverMemory, type ApiOverMemory } from '../../test/api-over-memory.js';
import { originalExamples } from '../../test/original-examples.js';

let api: ApiOverMemory;
beforeAll(async () => {
  api = await apiOverMemory();
});
beforeEach(() => api.renew());
afterAll(() => api.app.close());

originalExamples('', () => api);
originalExamples('/ms', () => api);
