import type { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { MAX_PUSH_BODY_BYTES } from './core/organization-events/index.js';
import { GatewayErrorFilter, type GatewayRequest, ProxySight, SIGHT_ANSWER } from './web/index.js';
import type { Settings } from './settings.js';

/** Body size limit for all requests, except those that DingTalk pushes. */
const MAX_BODY_BYTES = 16 * 1024;

/** Timeouts for clients, in milliseconds. */
export interface ClientTimeLimits {
  /** For a complete request, including its body. */
  readonly request: number;
  /** How often connections are checked: a request may take this much longer. */
  readonly lookEvery: number;
  /** For a connection without traffic, such as a response that is not read. The doctor takes a minute at most. */
  readonly silence: number;
}

export const CLIENT_TIME_LIMITS: ClientTimeLimits = { request: 20_000, lookEvery: 5000, silence: 75_000 };

/** Creates the gateway for the command `start` and for tests; it does not listen yet. */
export async function createGateway(
  settings: Settings,
  logger: LoggerService,
  limits = CLIENT_TIME_LIMITS,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    // Affects only the client's address; our own address is never taken from a header.
    trustProxy: settings.app.trustedProxies.length > 0 ? [...settings.app.trustedProxies] : false,
    bodyLimit: MAX_BODY_BYTES,
    // Fastify has no default timeout: it would wait indefinitely for an unfinished body.
    requestTimeout: limits.request,
    connectionTimeout: limits.silence,
    // Node swaps both timeouts if the one for headers is longer: node_http_parser.cc, ConnectionsList::Expired.
    http: { connectionsCheckingInterval: limits.lookEvery, headersTimeout: limits.request },
    // `https://app.example.com/sso/` is the same page as `…/sso`.
    routerOptions: { ignoreTrailingSlash: true },
    // A HEAD request, as link previews send it, must not use up an authorization response.
    exposeHeadRoutes: false,
    // No route has a JSON schema, because zod validates input, so Fastify need not load and prepare Ajv's compilers.
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    // A path that cannot be decoded does not reach Nest.
    frameworkErrors: (error: unknown, request: unknown, reply: unknown) =>
      void gateway.get(GatewayErrorFilter).answer(error, request as GatewayRequest, reply),
  });
  const gateway = await NestFactory.create<NestFastifyApplication>(AppModule.forRoot(settings), adapter, {
    logger,
    abortOnError: false,
  });
  // One event may concern several hundred people, encrypted.
  adapter.getInstance().addHook('onRoute', (route) => {
    if (route.method === 'POST' && route.url.endsWith('/:authenticator/events')) route.bodyLimit = MAX_PUSH_BODY_BYTES;
  });
  const proxies = new ProxySight(settings, logger);
  adapter.getInstance().addHook('onRequest', (request, reply, done) => {
    const seen = proxies.look(request.raw);
    if (seen !== undefined) reply.header(SIGHT_ANSWER, seen);
    done();
  });
  gateway.setGlobalPrefix(new URL(settings.app.publicUrl).pathname);
  return gateway;
}

function noSchemas(): never {
  throw new Error('a route with a JSON schema needs the compilers that createGateway leaves out');
}
