import type { Action, Context, Next } from '@nocobase/server';
import { ERROR_TEXTS, type GatewayError } from '../../../../src/core/errors/index.js';
import { RateLimitedError, type Share } from '../../../../src/core/limits/index.js';
import { AUTHENTICATOR_NAME } from '../../../../src/core/settings/index.js';
import { isPrefetch } from '../../../../src/core/sign-in/index.js';
import { givenAnswer } from '../alone/answer.js';
import { clientAddress } from '../alone/client-address.js';
import type { Flows } from '../alone/flows.js';
import type { KnownAuthenticator, KnownAuthenticators } from '../alone/known-authenticators.js';
import { holdsTransaction } from '../alone/sign-in.js';
import { placesSeenFrom } from '../own-domain.js';
import { apiPathHere } from '../paths.js';
import { callback } from '../pages/callback.js';
import { redeem } from '../pages/redeem.js';
import { refuse, start } from './start.js';

/**
 * Where in NocoBase's order: before its log of requests, its audit and everything that looks into the database. All that comes
 * first is named (`registerMiddlewares` in core/server/src/helper.ts): the sorter behind it would take one name alone for leave
 * to move that one behind everything else.
 */
export const DOOR = {
  tag: 'dingtalkDoor',
  before: [
    'generateReqId',
    'audit',
    'logger',
    'bodyParser',
    'i18n',
    'extractClientIp',
    'errorHandler',
    'cors',
    'dataWrapping',
  ],
};

/**
 * Everybody who signs in comes by here, before NocoBase's own chain: what touches no session need not run through it, and
 * NocoBase's log keeps whole addresses, in which DingTalk's code stands. Answers start, redeem and callback; a sign-in with
 * DingTalk's answer it only counts, and lets pass.
 */
export function door(known: KnownAuthenticators, flows: Flows): Action {
  const started = async (context: Context): Promise<void> => {
    const authenticator = await known.find(context.query['authenticator']);
    const limited = await limitedAt(context, flows, authenticator, 'anybody');
    if (limited === undefined) return start(context, flows, authenticator);
    sayWhen(context, limited);
    refuse(context, await placesSeenFrom(context), limited.code);
  };

  const counted = async (context: Context, next: Next): Promise<void> => {
    const authenticator = await known.find(context.get('X-Authenticator'));
    const isHolder = authenticator !== undefined && (await holdsTransaction(context, flows, authenticator));
    const limited = await limitedAt(context, flows, authenticator, isHolder ? 'holder' : 'anybody');
    if (limited === undefined) {
      await next();
      return;
    }
    sayWhen(context, limited);
    const { status, code } = limited;
    context.status = status;
    context.type = 'json';
    context.body = JSON.stringify({ errors: [{ message: ERROR_TEXTS.en.rate_limited.text, code }] });
  };

  return async (context, next) => {
    const place = placeIn(context);
    if (place === 'auth:signIn' && context.method === 'POST' && givenAnswer(context.req) !== undefined) {
      return counted(context, next);
    }
    if (context.method !== 'GET' && context.method !== 'HEAD') return void (await next());
    if (place === 'dingtalk:start') return isIntended(context) ? started(context) : nothing(context);
    if (place === 'dingtalk:redeem') return redeem(context);
    const [, name] = /^dingtalk\/callback\/([^/]+)$/.exec(place) ?? [];
    if (name !== undefined && AUTHENTICATOR_NAME.test(name)) return callback(context, name);
    await next();
  };
}

/** Link previews send HEAD, and browsers load pages before anybody asked for them: neither starts a sign-in. */
function isIntended({ method, req }: Context): boolean {
  return method === 'GET' && !isPrefetch(req);
}

function nothing(context: Context): void {
  context.set({ 'Cache-Control': 'no-store' });
  context.status = 204;
}

/** What stands behind the path of NocoBase's API; empty elsewhere. */
function placeIn({ path }: Context): string {
  const api = apiPathHere();
  return path.startsWith(api) ? path.slice(api.length) : '';
}

async function limitedAt(
  { req }: Context,
  flows: Flows,
  authenticator: KnownAuthenticator | undefined,
  share: Share,
): Promise<RateLimitedError | undefined> {
  const settings = authenticator?.settings;
  try {
    await flows.limiterOf(settings ?? {}).count(clientAddress(req, settings?.trustedProxies ?? []), share);
    return undefined;
  } catch (error) {
    if (error instanceof RateLimitedError) return error;
    throw error;
  }
}

function sayWhen(context: Context, { retryAfterSeconds }: GatewayError): void {
  if (retryAfterSeconds !== undefined) context.set({ 'Retry-After': String(retryAfterSeconds) });
}
