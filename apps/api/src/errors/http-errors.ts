import type { CatalogueEntry } from '@claviger/domain';

/** What only HTTP knows to refuse: the house's catalogue, continued. The kind says what it is, the status how HTTP says it. */
export const HTTP_ERRORS = {
  url_unknown: {
    kind: 'missing',
    status: 404,
    number: 250130,
    en: 'There is nothing at this URL.',
    zh: '该 URL 不存在。',
  },
  method_unknown: {
    kind: 'invalid',
    status: 405,
    number: 250112,
    en: 'This URL does not serve this method: the header Allow lists those it does.',
    zh: '该 URL 不支持此方法，请参见响应头 Allow。',
  },
  request_too_slow: {
    kind: 'invalid',
    status: 408,
    number: 250106,
    en: 'The request took too long to arrive.',
    zh: '请求到达超时。',
  },
  body_too_large: {
    kind: 'invalid',
    status: 413,
    number: 250106,
    en: 'The request body is too large.',
    zh: '请求体过大。',
  },
  url_too_long: { kind: 'invalid', status: 414, number: 250106, en: 'The URL is too long.', zh: 'URL 过长。' },
  media_type_unknown: {
    kind: 'invalid',
    status: 415,
    number: 250119,
    en: 'The request body must be JSON (Content-Type: application/json).',
    zh: '请求体必须是 JSON（Content-Type: application/json）。',
  },
  headers_too_large: {
    kind: 'invalid',
    status: 431,
    number: 250106,
    en: 'The request headers are too large.',
    zh: '请求头过大。',
  },
  upstream_away: {
    kind: 'unavailable',
    status: 502,
    number: 250116,
    en: 'The service behind the gateway cannot be reached, or broke off.',
    zh: '网关后的服务不可用。',
  },
  upstream_slow: {
    kind: 'unavailable',
    status: 504,
    number: 250116,
    en: 'The service behind the gateway took too long to answer.',
    zh: '网关后的服务响应超时。',
  },
  not_ready: {
    kind: 'unavailable',
    status: 503,
    number: 250128,
    en: 'The service is not ready: it is starting, or about to stop.',
    zh: '服务尚未就绪：正在启动或即将停止。',
  },
} as const satisfies Record<string, CatalogueEntry & { readonly status: number }>;

export type HttpErrorCode = keyof typeof HTTP_ERRORS;

/** A refusal that no rule of the domain knows. */
export class HttpError extends Error {
  override readonly name = 'HttpError';

  constructor(
    readonly code: HttpErrorCode,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(code);
  }
}
