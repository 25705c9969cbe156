import type { INestApplication, Type } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { AccountsController } from '../accounts/accounts.controller.js';
import { CredentialsController } from '../accounts/credentials.controller.js';
import { CHECK_ACCESS, CHECK_ROUTES } from '../accounts/serve-checks.js';
import { RotationsController } from '../accounts/rotations.controller.js';
import { AuditController } from '../audit/audit.controller.js';
import { accessOf, type Access } from '../caller/access.js';
import { HealthController } from '../health.controller.js';
import { OAuthController } from '../oauth/oauth.controller.js';
import { LoginController } from '../users/login.controller.js';
import { SessionsController } from '../users/sessions.controller.js';
import { TokensController } from '../users/tokens.controller.js';
import { UsersController } from '../users/users.controller.js';
import { DeliveriesController } from '../webhooks/deliveries.controller.js';
import { WebhooksController } from '../webhooks/webhooks.controller.js';
import { AUDIT_OPERATIONS } from './audit-operations.js';
import { authorizationServerPaths } from './authorization-server.js';
import { describe, SECURITY_SCHEMES, type OperationObject } from './describe.js';
import {
  ACCOUNT_OPERATIONS,
  CHECK_OPERATIONS,
  CREDENTIAL_OPERATIONS,
  HEALTH_OPERATIONS,
  ROTATION_OPERATIONS,
  type Operation,
} from './operations.js';
import { gatewayPaths } from './gateway-paths.js';
import { OAUTH_OPERATIONS } from './oauth-operations.js';
import { SCHEMAS } from './schemas.js';
import { LOGIN_OPERATIONS, SESSION_OPERATIONS, TOKEN_OPERATIONS, USER_OPERATIONS } from './user-operations.js';
import { DELIVERY_OPERATIONS, WEBHOOK_OPERATIONS } from './webhook-operations.js';

interface Chapter {
  /** Stands before the handler's in Nest's names of operations. */
  readonly name: string;
  readonly title: string;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly accessOf: (handler: string) => Access;
}

function chapterOf(controller: Type, title: string, operations: Chapter['operations']): Chapter {
  return { name: controller.name, title, operations, accessOf: (handler) => accessOf(controller, handler) };
}

const OAUTH = 'OAuth 2.1 and OpenID Connect';

const CHECKS = 'checks';

const CHAPTERS: readonly Chapter[] = [
  chapterOf(AccountsController, 'Accounts', { ...ACCOUNT_OPERATIONS }),
  chapterOf(CredentialsController, 'Credentials', { ...CREDENTIAL_OPERATIONS }),
  { name: CHECKS, title: 'Credentials', operations: { ...CHECK_OPERATIONS }, accessOf: () => CHECK_ACCESS },
  chapterOf(RotationsController, 'Rotation of credentials', { ...ROTATION_OPERATIONS }),
  chapterOf(LoginController, 'Login', { ...LOGIN_OPERATIONS }),
  chapterOf(TokensController, 'Access tokens', { ...TOKEN_OPERATIONS }),
  chapterOf(SessionsController, 'Sessions', { ...SESSION_OPERATIONS }),
  chapterOf(UsersController, 'Users', { ...USER_OPERATIONS }),
  chapterOf(OAuthController, OAUTH, { ...OAUTH_OPERATIONS }),
  chapterOf(AuditController, 'Audit', { ...AUDIT_OPERATIONS }),
  chapterOf(WebhooksController, 'Webhooks', { ...WEBHOOK_OPERATIONS }),
  chapterOf(DeliveriesController, 'Deliveries to webhooks', { ...DELIVERY_OPERATIONS }),
  chapterOf(HealthController, 'Health', { ...HEALTH_OPERATIONS }),
];

type PathItem = OpenAPIObject['paths'][string];

/** As Nest's own are walked. */
const checkPaths: readonly [string, PathItem][] = CHECK_ROUTES.map(({ name, method, path }) => [
  `/${path.replaceAll(/:(\w+)/g, '{$1}')}`,
  { [method.toLowerCase()]: { operationId: `${CHECKS}.${name}`, responses: {} } },
]);

const METHODS = ['get', 'post', 'put', 'delete'] as const;
const MS = '/ms';
const GATEWAY = 'Gateway';

const INTRODUCTION = `Accounts and access keys for platforms, users and their access tokens.

Every answer but those of the authorization server is an envelope: \`code\` is 0 when done and the number of the error otherwise, \`message\` its text in English or Chinese by \`Accept-Language\`, \`traceId\` finds the request in the log of the service. A \`traceparent\` header is followed.`;

/** The OpenAPI document: the routes as Nest has them and those beside it, told in the words of the tables beside this file. */
export function openApiDocument(app: INestApplication, version: string): OpenAPIObject {
  const outline = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Claviger')
    .setDescription(INTRODUCTION)
    .setVersion(version)
    .setLicense('MIT', 'https://spdx.org/licenses/MIT.html')
    .build();
  const walked = SwaggerModule.createDocument(app, outline, {
    operationIdFactory: (controller, handler) => `${controller}.${handler}`,
  });
  return {
    ...outline,
    // Every path that does not say otherwise is served under both; they are told once.
    servers: [{ url: '/' }, { url: MS, description: 'As behind the gateway of the original platform.' }],
    tags: [...new Set([...CHAPTERS.map(({ title }) => title), GATEWAY])].map((name) => ({ name })),
    paths: {
      ...pathsOf([...Object.entries(walked.paths), ...checkPaths].filter(([path]) => !path.startsWith(`${MS}/`))),
      ...authorizationServerPaths(OAUTH),
      ...gatewayPaths(GATEWAY),
    },
    components: { schemas: SCHEMAS, securitySchemes: SECURITY_SCHEMES },
  };
}

/** OpenAPI knows paths by their shape alone: routes that name the same part differently share one path. */
function pathsOf(walked: readonly [string, PathItem][]): OpenAPIObject['paths'] {
  const paths: OpenAPIObject['paths'] = {};
  for (const [path, item] of walked) {
    const alike = walked.map(([other]) => other).filter((other) => shapeOf(other) === shapeOf(path));
    const joint = jointPath(alike);
    paths[joint] = { ...paths[joint], ...described(path, joint, item) };
  }
  return paths;
}

const shapeOf = (path: string): string => path.replaceAll(/\{\w+\}/g, '{}');

/** `/{appId}` and `/{accessKey}` are `/{appId_or_accessKey}`. */
function jointPath(alike: readonly string[]): string {
  const [first = ''] = alike;
  const segments = first.split('/').map((_, at) => [...new Set(alike.map((path) => path.split('/')[at] ?? ''))]);
  return segments
    .map((names) => (names.length === 1 ? names[0] : `{${names.map(bare).toSorted().join('_or_')}}`))
    .join('/');
}

const bare = (segment: string): string => segment.slice(1, -1);

function described(path: string, joint: string, item: PathItem): PathItem {
  const operations = METHODS.flatMap((method): [string, OperationObject][] => {
    const walked = item[method];
    return walked ? [[method, describedOperation(path, joint, walked.operationId ?? '')]] : [];
  });
  const onlyHere = path.startsWith('/health') ? { servers: [{ url: '/' }] } : {};
  return { ...onlyHere, ...Object.fromEntries(operations) };
}

function describedOperation(path: string, joint: string, id: string): OperationObject {
  // Handlers with several paths are numbered.
  const [name, handler = ''] = id.replace(/\[\d+\]$/, '').split('.');
  const chapter = CHAPTERS.find((each) => each.name === name);
  const operation = chapter?.operations[handler];
  if (!chapter || !operation) throw new Error(`${id} (${path}) is not described.`);
  return { tags: [chapter.title], ...describe(path, joint, operation, chapter.accessOf(handler)) };
}
