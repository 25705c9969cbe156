import type { CheckedKey, KeyToCheck } from '@claviger/application';
import { andThen, type AppId } from '@claviger/domain';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { callerOf } from '../caller/caller-guard.js';
import { send } from '../envelope.js';
import { HttpError } from '../errors/http-errors.js';
import type { Service } from '../service.js';
import { ACCOUNT_PATHS } from './account-paths.js';
import { readKeyToCheck } from './key-to-check.js';

export type CheckRoute = 'check' | 'checkOfAccount' | 'checkOfAny';

interface Check {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly keyIn: (request: FastifyRequest) => KeyToCheck;
  /** As JSON. */
  readonly answer: (checked: CheckedKey) => string;
}

/** In JSON; no character of an appId needs to be escaped. */
const nameOrNull = (appId: AppId | null): string => (appId === null ? 'null' : `"${appId}"`);

/** The router takes an empty part for any other; it is none. */
function inPath({ params }: FastifyRequest): KeyToCheck {
  const key = params as KeyToCheck;
  if (key.accessKey === '' || key.secretKey === '') throw new HttpError('url_unknown');
  return key;
}

/** The form to prefer: no secret stands in a URL. */
export const CHECK_OF_BODY: Check = {
  method: 'POST',
  path: 'check',
  keyIn: ({ body }) => readKeyToCheck(body),
  answer: ({ valid, appId }) => `{"valid":${valid},"appId":${nameOrNull(appId)}}`,
};

const CHECKS: Readonly<Record<CheckRoute, Check>> = {
  check: CHECK_OF_BODY,
  checkOfAccount: {
    method: 'GET',
    path: ':appId/:accessKey/:secretKey',
    keyIn: inPath,
    answer: ({ valid }) => String(valid),
  },
  checkOfAny: {
    method: 'GET',
    path: ':accessKey/:secretKey',
    keyIn: inPath,
    answer: ({ appId }) => nameOrNull(appId),
  },
};

export const CHECK_ACCESS = 'user_optional';

/** Each check under each prefix. */
export const CHECK_ROUTES = ACCOUNT_PATHS.flatMap((prefix) =>
  (Object.keys(CHECKS) as CheckRoute[]).map((name) => {
    const { method, path } = CHECKS[name];
    return { name, method, path: `${prefix}/credential/${path}` };
  }),
);

/** Checks pass Nest by: requests wait for them one and all, and its way to a handler costs more than the check itself. */
export function serveChecks(server: FastifyInstance, service: Pick<Service, 'platform'>): void {
  for (const { name, method, path } of CHECK_ROUTES) {
    const { keyIn, answer } = CHECKS[name];
    server.route({
      method,
      url: `/${path}`,
      config: { access: CHECK_ACCESS, quiet: true },
      handler: (request, reply) =>
        andThen(service.platform.atOnce.checkCredential(callerOf(request), keyIn(request)), (checked) =>
          send(request, reply, answer(checked)),
        ),
    });
  }
}
