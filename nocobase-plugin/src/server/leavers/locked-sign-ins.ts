import { AsyncLocalStorage } from 'node:async_hooks';
import type { Action, Application, Context } from '@nocobase/server';
import { decodeJwt } from 'jose';
import { ERROR_TEXTS } from '../../../../src/core/errors/index.js';
import { isRecord } from '../is-record.js';
import { endToken } from '../running-sessions.js';
import { PublicError } from '../sign-in.errors.js';
import { LOG } from '../texts.js';
import { codeOf } from '../why-no-answer.js';
import { type LockedUsers, LocksUnreadableError } from './locked-users.js';

/** In whose language it is said: NocoBase's service for tokens is told of a user only. */
const asking = new AsyncLocalStorage<Context>();

/**
 * Nobody who is locked gets a session, whatever they proved who they are by. Every authenticator that makes its sessions as NocoBase's
 * own base class does (`signNewToken` in `@nocobase/auth`) has the token noted first, so it is refused there: also in a request that
 * ends in a redirect, as with CAS, OIDC and SAML, which then show the sentence on the sign-in page.
 */
export class LockedSignIns {
  constructor(
    private readonly app: Application,
    private readonly locked: LockedUsers,
  ) {}

  /** NocoBase's own service is put in place after all plugins are loaded, by a plugin that stands before this one. */
  watch(): void {
    const { authManager } = this.app;
    this.app.on('afterLoad', async () => {
      const service = authManager.tokenController;
      const add: typeof service.add = async (token) => {
        await this.refuse(Number(token.userId));
        return service.add(token);
      };
      authManager.setTokenControlService(Object.create(service, { add: { value: add } }));
    });
  }

  /** Middleware around NocoBase's sign-in. A token that an authenticator signed by itself is taken back. */
  readonly middleware: Action = async (context, next) => {
    const cookiesBefore = context.res.getHeader('set-cookie');
    await asking.run(context, next);
    if (context.action.resourceName !== 'auth') return;
    const { user, token } = isRecord(context.body) ? context.body : {};
    const id = isRecord(user) ? Number(user['id']) : undefined;
    if (typeof token !== 'string' || id === undefined) return;
    try {
      await asking.run(context, async () => this.refuse(id));
    } catch (error) {
      context.body = null;
      if (cookiesBefore === undefined) context.res.removeHeader('set-cookie');
      else context.res.setHeader('set-cookie', cookiesBefore);
      await endToken(context.app, decodeJwt(token).jti);
      throw error;
    }
  };

  /** @throws PublicError */
  private async refuse(userId: number): Promise<void> {
    const { app, locked } = this;
    let isLocked: boolean;
    try {
      isLocked = await locked.isLocked(userId);
    } catch (error) {
      if (!(error instanceof LocksUnreadableError)) throw error;
      app.log.error(LOG.locksUnreadable.en, { why: codeOf(error) });
      throw refusal(503, 'temporarily_unavailable');
    }
    if (!isLocked) return;
    app.log.info(LOG.leaver.en, { event: 'dingtalk_leaver', what: 'sign_in_refused', userId });
    throw refusal(403, 'account_locked');
  }
}

/** In English where nobody asks through NocoBase's actions. */
function refusal(status: number, code: 'account_locked' | 'temporarily_unavailable'): PublicError {
  const context = asking.getStore();
  return new PublicError(status, code, (text, options) => context?.t(text, options) ?? ERROR_TEXTS.en[code].text);
}
