import { createHash } from 'node:crypto';
import { type AuthConfig, BaseAuth } from '@nocobase/auth';
import type { ExternalIdentity, MatchedUser } from '../../../src/core/accounts/index.js';
import { GatewayError } from '../../../src/core/errors/index.js';
import { appInPath, pagePath } from '../../../src/core/nocobase-web/index.js';
import type { ReturnPath } from '../../../src/core/return-path/index.js';
import { TICKET_HEADER } from '../../../src/core/plugin-protocol/index.js';
import type { FailureLines } from '../../../src/core/limits/index.js';
import type { Accounts } from './accounts.js';
import { clientAddress } from './alone/client-address.js';
import type { Flows } from './alone/flows.js';
import type { KnownAuthenticator } from './alone/known-authenticators.js';
import { signInByAnswer } from './alone/sign-in.js';
import type { DingTalkAuthenticator } from './authenticators.js';
import { takeBinding } from './browser-binding.js';
import { type GatewayKeys, REMEMBERED_AFTER_END_SECONDS } from './gateway-keys.js';
import { placesSeenFrom } from './own-domain.js';
import { modelOf } from './model-of.js';
import { homePageHere, returnPathOf } from './return-paths.js';
import { roleForCookie } from './role-for-cookie.js';
import { missingSettings } from './settings.js';
import { isByGateway } from './sign-in-by.js';
import { authenticatorAsked } from './sign-in-for-ours.js';
import { NotSetUpError, PublicError, TicketRefusedError, TicketSpentError } from './sign-in.errors.js';
import { DETAIL, LOG } from './texts.js';
import { verifyTicket } from './ticket.js';
import type { UsedTickets } from './used-tickets.js';

export interface SignInParts {
  readonly keys: GatewayKeys;
  readonly tickets: UsedTickets;
  readonly accounts: Accounts;
  readonly flows: Flows;
  /** Failures of people whom neither DingTalk nor a gateway has identified: anyone can cause them. */
  readonly failures: FailureLines;
}

/** The person who signs in, identified by a gateway or by DingTalk itself. */
interface Arrival {
  readonly identity: ExternalIdentity;
  readonly returnPath: unknown;
}

/** NocoBase's authentication type "DingTalk": takes a ticket from the gateway, or DingTalk's answer, and returns a NocoBase user. */
export function dingTalkAuth(parts: SignInParts): typeof BaseAuth {
  return class DingTalkAuth extends BaseAuth {
    /** None of these may come from NocoBase's variables: they decide whom we trust. */
    static readonly optionsKeysNotAllowedInEnv = ['gatewayUrl', 'gatewayInternalUrl', 'nocobaseUrl'];
    /** Whoever this request has signed in. */
    private userId: number | undefined;
    private subject: string | undefined;
    private requestId: string | undefined;
    private returnPath: ReturnPath | undefined;

    constructor(config: AuthConfig) {
      super({ ...config, userCollection: config.ctx.db.getCollection('users') });
    }

    /** NocoBase's own sign-in, so that its cookies, its audit log and its token policy apply. */
    override async signIn(): Promise<object> {
      const signedIn = await super.signIn();
      const redirect = pagePath(await placesSeenFrom(this.ctx), this.returnPath ?? homePageHere());
      return { ...signedIn, redirect };
    }

    /**
     * At a sign-in, with the role that NocoBase would look for, which is in the request's state only while NocoBase reads it there.
     * NocoBase also calls this when a page renews its cookies (`auth:syncCookies`), where it knows the role already.
     */
    protected override async setSessionCookies(user: unknown, maxAge?: number): Promise<void> {
      const { state, db } = this.ctx;
      const role = this.userId === undefined ? undefined : await roleForCookie(db, this.userId).catch(() => undefined);
      if (role === undefined) return super.setSessionCookies?.(user, maxAge);
      const { currentRole } = state;
      state['currentRole'] = role;
      try {
        await super.setSessionCookies?.(user, maxAge);
      } finally {
        state['currentRole'] = currentRole;
      }
    }

    override async validate(): Promise<unknown> {
      const { ctx } = this;
      try {
        const { userId, match } = await this.match();
        ctx.log.info(LOG.signIn.en, this.line({ outcome: 'success', match, userId }));
        this.userId = userId;
        return await modelOf(ctx.db, 'users').findOne({ where: { id: userId } });
      } catch (error) {
        const known = error instanceof GatewayError ? error : undefined;
        const { code = 'server_error', detail = String(error).slice(0, 500), setting } = known ?? {};
        if (this.subject !== undefined || parts.failures.mayWrite(this.address, code)) {
          ctx.log.warn(LOG.signIn.en, this.line({ outcome: 'failure', code, setting, detail }));
        }
        throw new PublicError(known?.status ?? 500, code, (text, options) => ctx.t(text, options));
      }
    }

    private async match(): Promise<MatchedUser> {
      const { ctx } = this;
      const authenticator = this.authenticatorAsked();
      const { identity, returnPath } = isByGateway(authenticator.settings)
        ? await this.fromTicket(authenticator)
        : await this.fromDingTalk(authenticator);
      this.subject = identity.subject;
      this.returnPath = returnPathOf(returnPath, authenticator.settings, appInPath(await placesSeenFrom(ctx)));
      return parts.accounts.signIn(authenticator, identity);
    }

    private authenticatorAsked(): KnownAuthenticator {
      const found = authenticatorAsked(this.ctx);
      // NocoBase falls back to another authenticator if the requested one is disabled.
      if (found === undefined || this.authenticator.name !== found.name) {
        throw new TicketRefusedError(DETAIL.noAuthenticator.en);
      }
      const missing = missingSettings(found.settings);
      if (missing.length > 0) throw new NotSetUpError(missing);
      return found;
    }

    private async fromDingTalk(authenticator: KnownAuthenticator): Promise<Arrival> {
      this.requestId = this.ctx.reqId;
      return signInByAnswer(this.ctx, parts.flows, authenticator);
    }

    private async fromTicket(authenticator: DingTalkAuthenticator): Promise<Arrival> {
      const { ctx } = this;
      const { settings } = authenticator;
      const claims = await verifyTicket(ctx.get(TICKET_HEADER), authenticator, ctx.app.name, parts.keys);
      this.requestId = claims.requestId;
      this.subject = claims.identity.subject;
      if (!takeBinding(ctx, claims.challenge, settings.nocobaseUrl)) {
        throw new TicketSpentError(DETAIL.otherBrowser.en);
      }
      // Used up before the user is looked up: whatever the result, it cannot be used again.
      if (!(await parts.tickets.use(claims.jti, claims.exp + REMEMBERED_AFTER_END_SECONDS))) {
        throw new TicketSpentError(DETAIL.usedBefore.en);
      }
      const nothing = { phone: undefined, email: undefined, organization: undefined };
      const { memberId } = claims;
      return { identity: { ...nothing, ...claims.identity, memberId }, returnPath: claims.returnPath };
    }

    private get address(): string {
      return clientAddress(this.ctx.req, authenticatorAsked(this.ctx)?.settings.trustedProxies ?? []);
    }

    private line(outcome: object): object {
      const { subject } = this;
      return {
        event: 'dingtalk_sign_in',
        authenticator: this.authenticator.name,
        // The same as in the gateway's log, so that one search finds both lines.
        requestId: this.requestId,
        subjectHash:
          subject === undefined ? undefined : createHash('sha256').update(subject).digest('hex').slice(0, 16),
        ...outcome,
      };
    }
  };
}
