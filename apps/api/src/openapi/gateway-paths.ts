import type { OpenAPIObject } from '@nestjs/swagger';
import { GATEWAY_PATH } from '../gateway/upstream-path.js';
import { refusalsOn, SECURITY } from './describe.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** The gateway answers whatever the service behind it does; told are its own words alone. */
export function gatewayPaths(tag: string): OpenAPIObject['paths'] {
  const operations = METHODS.map((method) => [method, passedOn(method, tag)] as const);
  const item = { servers: [{ url: '/' }], ...Object.fromEntries(operations) };
  return { [`${GATEWAY_PATH}{path}`]: item };
}

function passedOn(method: string, tag: string) {
  return {
    tags: [tag],
    operationId: `pass_on_${method}`,
    summary: 'Passed on to the service behind the gateway',
    description:
      'With any body, and further parts of the path. The service gets the verified `X-DEVOPS-UID` and nothing else that says who calls.',
    security: SECURITY.access_token,
    parameters: [
      { name: 'path', in: 'path' as const, required: true, schema: { type: 'string' }, description: 'Any path.' },
    ],
    responses: {
      default: { description: 'Whatever the service answers.' },
      ...refusalsOn('access_token', ['url_unknown', 'account_not_allowed', 'upstream_away', 'upstream_slow']),
    },
  };
}
