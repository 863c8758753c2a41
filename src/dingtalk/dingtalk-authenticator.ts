import { Inject, Injectable } from '@nestjs/common';
import { type SignedIn, SignInAudit, SignInService, SignInTransactionService } from '../auth/index.js';
import { type GatewayRequest, rememberReturnPath, requestId } from '../pages/index.js';
import { withTimeBudget } from '../upstream/index.js';
import { grantedCode, readCallback } from './dingtalk-callback.js';
import { DINGTALK_OPTIONS, type DingTalkOptions } from './dingtalk.options.js';
import { DingTalkService } from './dingtalk.service.js';

/** All calls of one sign-in together: nobody looks at a blank page for longer. */
const CALLBACK_BUDGET_MS = 15_000;

/** One way to sign in: a DingTalk application and the NocoBase it leads to. A sign-in stands here, top to bottom. */
@Injectable()
export class DingTalkAuthenticator {
  constructor(
    @Inject(DINGTALK_OPTIONS) readonly options: DingTalkOptions,
    private readonly transactions: SignInTransactionService,
    private readonly dingtalk: DingTalkService,
    private readonly signIn: SignInService,
    private readonly audit: SignInAudit,
  ) {}

  /** The name that stands in the routes and at NocoBase. */
  get name(): string {
    return this.options.authenticator;
  }

  /** Opens a transaction in this browser, and says where at DingTalk the person goes. */
  async start(wanted: unknown, cookieHeader: string | undefined): Promise<{ location: string; setCookies: string[] }> {
    const { transaction, setCookies } = await this.transactions.open(this.name, wanted, cookieHeader);
    return { location: this.dingtalk.authorizationUrl(transaction), setCookies };
  }

  /** From DingTalk's answer to NocoBase's session. */
  async finish(request: GatewayRequest): Promise<SignedIn> {
    const context = { requestId: requestId(request), authenticator: this.name };
    return withTimeBudget(CALLBACK_BUDGET_MS, () =>
      this.audit.record(context, async (progress) => {
        const callback = readCallback(request.query);
        const transaction = await this.transactions.consume(this.name, callback.state, request.headers.cookie);
        rememberReturnPath(request, transaction.returnPath);
        const identity = await this.dingtalk.identify(grantedCode(callback));
        progress.subject = identity.subject;
        return this.signIn.signIn(identity, transaction);
      }),
    );
  }

  /** The `Set-Cookie` value that ends a transaction in the browser, whatever came of it. */
  clearCookie(state: string): string {
    return this.transactions.clearCookie(state);
  }

  /** The path in normal form, or undefined where it is none inside NocoBase that we would send a browser to. */
  returnPath(wanted: unknown): string | undefined {
    return this.transactions.returnPath(wanted);
  }

  /** Rejects with the reason where DingTalk cannot be reached. */
  async checkProvider(): Promise<void> {
    return this.dingtalk.check();
  }

  /** Rejects with the reason where NocoBase cannot be used. */
  async checkDirectory(): Promise<void> {
    return this.signIn.check();
  }
}
