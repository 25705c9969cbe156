import type { FastifyRequest } from 'fastify';

/**
 * The same question from where this page ended (RFC 8288).
 * @param query what was understood of the question; the rest is no part of it
 * @param base where clients reach the API; null: the link is relative
 */
export function nextLink(request: FastifyRequest, query: object, cursor: string, base: string | null): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
  parameters.set('cursor', cursor);
  return `<${base ?? ''}${pathOf(request.url)}?${parameters.toString()}>; rel="next"`;
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? '';
}
