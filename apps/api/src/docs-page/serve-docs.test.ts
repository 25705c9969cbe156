import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { apiOverMemory, type ApiOverMemory } from '../../test/api-over-memory.js';

let api: ApiOverMemory;
beforeAll(async () => {
  api = await apiOverMemory();
});
afterAll(() => api.app.close());

describe('the docs page', () => {
  test('gives programs the document as it is', async () => {
    const { status, headers, text } = await api.call('GET', '/openapi.json');
    expect({ status, type: headers['content-type'], text }).toEqual({
      status: 200,
      type: 'application/json; charset=utf-8',
      text: '{}',
    });
  });

  test('loads nothing from elsewhere and runs nothing inline', async () => {
    const { headers, text } = await api.call('GET', '/docs');
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(headers).toMatchObject({ 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer' });
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(text).not.toMatch(/https?:|<style|style=|<script>|onload/);
  });

  test('finds everything that it asks for', async () => {
    const { text } = await api.call('GET', '/docs');
    const asked = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => `/${url}`);
    expect(asked).toHaveLength(4);
    for (const url of asked) {
      const { status, headers } = await api.call('GET', url);
      expect({ url, status, sniff: headers['x-content-type-options'] }).toEqual({ url, status: 200, sniff: 'nosniff' });
    }
  });

  test('asks for the document where the API serves it, behind whatever path a proxy puts before both', async () => {
    const { text } = await api.call('GET', '/docs/start.js');
    const [, url = ''] = /url: '([^']+)'/.exec(text) ?? [];
    expect(new URL(url, 'https://host/prefix/docs').href).toBe('https://host/prefix/openapi.json');
  });

  test('does not open any other file', async () => {
    for (const url of ['/docs/package.json', '/docs/../package.json', '/docs/%2e%2e/package.json'])
      expect((await api.call('GET', url)).status).toBe(404);
  });
});
