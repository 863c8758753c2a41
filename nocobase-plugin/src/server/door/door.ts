import type { IncomingMessage } from 'node:http';
import type { Action, Context, Next } from '@nocobase/server';
import { ERROR_TEXTS, GatewayError, UnexpectedError } from '../../../../src/core/errors/index.js';
import type { FailureLines, Share } from '../../../../src/core/limits/index.js';
import { AUTHENTICATOR_NAME } from '../../../../src/core/settings/index.js';
import { isPrefetch } from '../../../../src/core/sign-in/index.js';
import { answerIn, type GivenAnswer, takeAsCounted } from '../alone/answer.js';
import { clientAddress } from '../alone/client-address.js';
import type { Flows } from '../alone/flows.js';
import type { KnownAuthenticator, KnownAuthenticators } from '../alone/known-authenticators.js';
import { holdsTransaction } from '../alone/sign-in.js';
import { placesSeenFrom } from '../own-domain.js';
import { apiPathHere } from '../paths.js';
import { callback } from '../pages/callback.js';
import { redeem } from '../pages/redeem.js';
import { LOG } from '../texts.js';
import type { Watches } from '../leavers/watches.js';
import type { Settings } from '../settings.js';
import { leadTo } from './lead-to.js';
import { takePush } from './push.js';
import { PushLimit } from './push-limit.js';
import { startAtSavedAddress } from './saved-address.js';
import { refuse, start } from './start.js';

/**
 * The position in NocoBase's order: before its request log, its audit log and everything that reads the database. All middleware
 * that comes first is named (`registerMiddlewares` in core/server/src/helper.ts): given only one name, the sorter behind it may
 * move that one behind everything else.
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

/** The plugin's parts that the door uses. */
export interface DoorParts {
  readonly known: KnownAuthenticators;
  readonly flows: Flows;
  readonly watches: Watches;
  /** Anyone can cause them. */
  readonly failures: FailureLines;
}

/**
 * The entry point of every sign-in, before NocoBase's own middleware: what needs no session does not have to run through it, and
 * NocoBase's log keeps full URLs, which contain DingTalk's code. Answers start, redeem and callback; a sign-in with DingTalk's
 * answer is only counted, and passes. It also precedes NocoBase's error handler, so it reports its own failures.
 */
export function door({ known, flows, watches, failures }: DoorParts): Action {
  const push = { watches, limit: new PushLimit(), limiterOf: (settings: Settings) => flows.limiterOf(settings) };

  const started = async (context: Context): Promise<void> => {
    let authenticator: KnownAuthenticator | undefined;
    try {
      authenticator = await known.find(context.query['authenticator']);
      // Counted there only: one sign-in, one count.
      const there = authenticator && startAtSavedAddress(context, authenticator.settings);
      if (there !== undefined) return leadTo(context, there);
      await count(context, flows, authenticator, 'anybody');
      await start(context, flows, authenticator);
    } catch (error) {
      const { code } = told(context, failures, authenticator, error);
      refuse(context, await placesSeenFrom(context), code);
    }
  };

  const counted = async (context: Context, answer: GivenAnswer, next: Next): Promise<void> => {
    let authenticator: KnownAuthenticator | undefined;
    try {
      authenticator = await known.find(context.get('X-Authenticator'));
      const isHolder = authenticator !== undefined && (await holdsTransaction(context, answer, flows, authenticator));
      await count(context, flows, authenticator, isHolder ? 'holder' : 'anybody');
    } catch (error) {
      const { status, code } = told(context, failures, authenticator, error);
      context.status = status;
      context.type = 'json';
      context.body = JSON.stringify({ errors: [{ message: ERROR_TEXTS.en[code].text, code }] });
      return;
    }
    takeAsCounted(context.req, answer);
    await next();
  };

  return async (context, next) => {
    const place = placeIn(context);
    if (place === 'auth:signIn' && context.method === 'POST') {
      const answer = answerIn(context.req);
      return answer === undefined ? void (await next()) : counted(context, answer, next);
    }
    const [, told] = EVENTS_OF.exec(place) ?? [];
    if (told !== undefined && context.method === 'POST') return takePush(context, told, push);
    if (context.method !== 'GET' && context.method !== 'HEAD') return void (await next());
    if (place === 'dingtalk:start') return isIntended(context) ? started(context) : nothing(context);
    if (place === 'dingtalk:redeem') return redeem(context);
    const [, name] = /^dingtalk\/callback\/([^/]+)$/.exec(place) ?? [];
    if (name !== undefined && AUTHENTICATOR_NAME.test(name)) return callback(context, name);
    await next();
  };
}

/** Name of an authenticator (`AUTHENTICATOR_NAME`). */
const EVENTS_OF = /^dingtalk\/events\/([\w-]{1,64})$/;

/** Link previews send HEAD, and browsers prefetch pages: neither starts a sign-in. */
function isIntended({ method, req }: Context): boolean {
  return method === 'GET' && !isPrefetch(req);
}

function nothing(context: Context): void {
  context.set({ 'Cache-Control': 'no-store' });
  context.status = 204;
}

/** The part of the path behind NocoBase's API; empty for other paths. */
function placeIn({ path }: Context): string {
  const api = apiPathHere();
  return path.startsWith(api) ? path.slice(api.length) : '';
}

/** @throws RateLimitedError */
async function count(
  { req }: Context,
  flows: Flows,
  authenticator: KnownAuthenticator | undefined,
  share: Share,
): Promise<void> {
  await flows.limiterOf(authenticator?.settings ?? {}).count(addressOf(req, authenticator), share);
}

/** What a browser is told of an error. The log has more, except for clients that merely exceeded the rate limit. */
function told(
  context: Context,
  failures: FailureLines,
  authenticator: KnownAuthenticator | undefined,
  error: unknown,
): GatewayError {
  const known = error instanceof GatewayError ? error : new UnexpectedError(error);
  const { code, setting, detail = String(error).slice(0, 500), retryAfterSeconds } = known;
  if (retryAfterSeconds !== undefined) context.set({ 'Retry-After': String(retryAfterSeconds) });
  if (code !== 'rate_limited' && failures.mayWrite(addressOf(context.req, authenticator), code)) {
    context.app.log.warn(LOG.notStarted.en, { authenticator: authenticator?.name, code, setting, detail });
  }
  return known;
}

function addressOf(request: IncomingMessage, authenticator: KnownAuthenticator | undefined): string {
  return clientAddress(request, authenticator?.settings.trustedProxies ?? []);
}
