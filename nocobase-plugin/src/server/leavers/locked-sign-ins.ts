import { AsyncLocalStorage } from 'node:async_hooks';
import type { Action, Application, Context } from '@nocobase/server';
import { decodeJwt } from 'jose';
import { ERROR_TEXTS } from '../../../../src/core/errors/index.js';
import { isRecord } from '../is-record.js';
import { endToken } from '../running-sessions.js';
import { PublicError } from '../sign-in.errors.js';
import { LOG } from '../texts.js';
import { isLocked } from './is-locked.js';
import type { LockedUsers } from './locked-users.js';

/** For the language of the message: NocoBase's token service is given a user only. */
const asking = new AsyncLocalStorage<Context>();

/**
 * A locked user gets no session, by any type of authenticator. NocoBase's base class registers each token before it signs it
 * (`signNewToken` in `@nocobase/auth`), and the registration is refused here. This includes sign-ins that end in a redirect, such as
 * CAS, OIDC and SAML: they pass the message on to the sign-in page.
 */
export class LockedSignIns {
  constructor(
    private readonly app: Application,
    private readonly locked: LockedUsers,
  ) {}

  /** NocoBase's authentication plugin, which is loaded before this one, installs its service at `afterLoad`. */
  watch(): void {
    const { authManager } = this.app;
    this.app.on('afterLoad', async () => {
      const service = authManager.tokenController;
      const add: typeof service.add = async (token) => {
        await this.refuse(Number(token.userId));
        return service.add(token);
      };
      // Assigned rather than defined, so that another plugin may wrap it as well.
      authManager.setTokenControlService(Object.assign(Object.create(service) as typeof service, { add }));
    });
  }

  /** Middleware around NocoBase's sign-in. Revokes a token that an authenticator signed by itself. */
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
    if (!(await isLocked(locked, userId, app.log, translatedBy('temporarily_unavailable')))) return;
    app.log.info(LOG.leaver.en, { event: 'dingtalk_leaver', what: 'sign_in_refused', userId });
    throw new PublicError(403, 'account_locked', translatedBy('account_locked'));
  }
}

/** In English for calls outside NocoBase's actions. */
function translatedBy(code: keyof typeof ERROR_TEXTS.en): (text: string, options: { ns: string }) => string {
  const context = asking.getStore();
  return (text, options) => context?.t(text, options) ?? ERROR_TEXTS.en[code].text;
}
