import type { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { MAX_PUSH_BODY_BYTES } from './core/organization-events/index.js';
import { GatewayErrorFilter, type GatewayRequest, ProxySight, SIGHT_ANSWER } from './web/index.js';
import type { Settings } from './settings.js';

/** No request has a longer body, except what DingTalk pushes. */
const MAX_BODY_BYTES = 16 * 1024;

/** How long a client may take, in milliseconds. */
export interface ClientTimeLimits {
  /** For a request to arrive in full, body included. */
  readonly request: number;
  /** How often connections are looked at: a request may take so much longer. */
  readonly lookEvery: number;
  /** For a connection on which nothing moves, such as an answer that nobody fetches. The doctor takes a minute at most. */
  readonly silence: number;
}

export const CLIENT_TIME_LIMITS: ClientTimeLimits = { request: 20_000, lookEvery: 5000, silence: 75_000 };

/** The gateway, as the command `start` and the tests use it; it does not listen yet. */
export async function createGateway(
  settings: Settings,
  logger: LoggerService,
  limits = CLIENT_TIME_LIMITS,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    // Only for the client's address; no address of ours is ever taken from a header.
    trustProxy: settings.app.trustedProxies.length > 0 ? [...settings.app.trustedProxies] : false,
    bodyLimit: MAX_BODY_BYTES,
    // Fastify's defaults are none: an unfinished body would be waited for for ever.
    requestTimeout: limits.request,
    connectionTimeout: limits.silence,
    // Node swaps both limits where that for headers is the longer one: node_http_parser.cc, ConnectionsList::Expired.
    http: { connectionsCheckingInterval: limits.lookEvery, headersTimeout: limits.request },
    // `https://app.example.com/sso/` is the front door as much as `…/sso`.
    routerOptions: { ignoreTrailingSlash: true },
    // A HEAD request, as link previews send it, must not use up an authorization response.
    exposeHeadRoutes: false,
    // No route has a JSON schema (zod reads what comes in), so Fastify need not load and prepare Ajv's compilers.
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    // An address that cannot be decoded does not reach Nest.
    frameworkErrors: (error: unknown, request: unknown, reply: unknown) =>
      void gateway.get(GatewayErrorFilter).answer(error, request as GatewayRequest, reply),
  });
  const gateway = await NestFactory.create<NestFastifyApplication>(AppModule.forRoot(settings), adapter, {
    logger,
    abortOnError: false,
  });
  // Several hundred people may be in one event, encrypted.
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
