import { randomUUID } from 'node:crypto';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import passport from 'passport';
import { Strategy } from 'passport-custom';
import { type SignedIn, SignInAudit, SignInService, SignInTransactionService } from '../auth/index.js';
import { type GatewayRequest, rememberReturnPath, requestId } from '../pages/index.js';
import { step } from '../telemetry/index.js';
import { withTimeBudget } from '../upstream/index.js';
import { grantedCode, readCallback } from './dingtalk-callback.js';
import { DINGTALK_OPTIONS, type DingTalkOptions } from './dingtalk.options.js';
import { DingTalkService } from './dingtalk.service.js';

/** All calls of one sign-in together: nobody looks at a blank page for longer. */
const CALLBACK_BUDGET_MS = 15_000;

const ROUTE = 'GET /auth/dingtalk/:authenticator/callback';

/** A sign-in from DingTalk's answer to NocoBase's session, top to bottom. */
@Injectable()
export class DingTalkStrategy extends Strategy implements OnApplicationShutdown {
  /**
   * Passport keeps strategies in one table for the whole process. A name of its own for each instance makes sure that
   * two applications in one process never answer for each other.
   */
  readonly ownName = `dingtalk-${randomUUID()}`;

  constructor(
    private readonly transactions: SignInTransactionService,
    private readonly dingtalk: DingTalkService,
    private readonly signIn: SignInService,
    private readonly audit: SignInAudit,
    @Inject(DINGTALK_OPTIONS) private readonly options: DingTalkOptions,
  ) {
    super((request, done) => {
      // Passport speaks callbacks.
      void this.validate(request).then(
        (signedIn) => done(null, signedIn),
        (error: unknown) => done(error),
      );
    });
    passport.use(this.ownName, this);
  }

  async validate(request: GatewayRequest): Promise<SignedIn> {
    const { authenticator } = this.options;
    const { cookie, traceparent } = request.headers;
    const context = { requestId: requestId(request), authenticator, route: ROUTE, traceparent };
    return withTimeBudget(CALLBACK_BUDGET_MS, () =>
      this.audit.record(context, async (progress) => {
        const callback = readCallback(request.query);
        const transaction = await step('consume', () =>
          this.transactions.consume(authenticator, callback.state, cookie),
        );
        rememberReturnPath(request, transaction.returnPath);
        const code = grantedCode(callback);
        const identity = await step('identify', () => this.dingtalk.identify(code));
        progress.subject = identity.subject;
        return this.signIn.signIn(identity, transaction);
      }),
    );
  }

  /** Not before: requests that are still served find the strategy by its name. */
  onApplicationShutdown(): void {
    passport.unuse(this.ownName);
  }
}
