import { Inject, Injectable, Optional } from '@nestjs/common';
import type { ExternalIdentity } from '../core/accounts/index.js';
import type { ReturnPath } from '../core/return-path/index.js';
import {
  AccessDeniedError,
  type Flow,
  type HeldTransaction,
  SignInService,
  type SignInTransaction,
  SignInTransactionService,
} from '../auth/index.js';
import { InvalidRequestError } from '../core/errors/index.js';
import { step } from '../telemetry/index.js';
import { type GatewayRequest, RefusedCodes, requestContext } from '../web/index.js';
import { isCode } from './authorization-code.js';
import { isRefusedCode } from './dingtalk.errors.js';
import { DINGTALK_OPTIONS, type DingTalkOptions } from './dingtalk.options.js';
import { DingTalkService } from './dingtalk.service.js';
import type { InAppAnswer } from './in-app-answer.dto.js';
import { DETAIL } from '../core/texts/index.js';

/** Who came back from DingTalk, and from which sign-in. */
export interface Authenticated {
  readonly identity: ExternalIdentity;
  readonly transaction: SignInTransaction;
}

/** A transaction that was opened, and the cookies that keep it in the browser. */
type Opened = Awaited<ReturnType<SignInTransactionService['open']>>;

/**
 * One DingTalk application: the steps of its authorization code flow (RFC 6749 section 4.1). `DingTalkStrategy` is that flow
 * in a browser; inside DingTalk's client it begins and ends on a page of ours.
 */
@Injectable()
export class DingTalkApplication {
  constructor(
    @Inject(DINGTALK_OPTIONS) readonly options: DingTalkOptions,
    private readonly transactions: SignInTransactionService,
    private readonly dingtalk: DingTalkService,
    private readonly refusedCodes: RefusedCodes,
    @Optional() private readonly signIn?: SignInService,
  ) {}

  /** Opens a transaction for this browser. */
  async open(
    returnPath: ReturnPath | undefined,
    cookieHeader: string | undefined,
    kind: Pick<SignInTransaction, 'flow' | 'organization' | 'challenge'>,
  ): Promise<Opened> {
    return this.transactions.open(this.options.authenticator, returnPath, cookieHeader, kind);
  }

  /** Where DingTalk asks the person. */
  authorizationUrl(transaction: SignInTransaction): string {
    return this.dingtalk.authorizationUrl(transaction);
  }

  /** Whether this browser was given the state that it comes back with, for this application. */
  async isHeld(state: string | undefined, cookieHeader: string | undefined, flow: Flow): Promise<boolean> {
    if (state === undefined) return false;
    return this.transactions.hold(this.options.authenticator, state, cookieHeader, flow).then(
      () => true,
      () => false,
    );
  }

  /** Proves that this browser started the sign-in. Nothing is used up. @throws InvalidStateError */
  async hold(request: GatewayRequest, state: string, flow: Flow): Promise<HeldTransaction> {
    const held = await this.transactions.hold(this.options.authenticator, state, request.headers.cookie, flow);
    requestContext(request).returnPath = held.transaction.returnPath;
    return held;
  }

  /** Counted as a refused code is: nobody fills the store of used states by declining. @throws AccessDeniedError */
  async decline(request: GatewayRequest, held: HeldTransaction): Promise<never> {
    const declined = async (): Promise<never> => {
      await this.useUp(request, held);
      throw new AccessDeniedError();
    };
    return this.refusedCodes.guard(request.ip, declined, (error) => error instanceof AccessDeniedError);
  }

  /** Code in, person out, once. Where too many codes of this address were refused, nothing is used up or sent. */
  async exchange(
    request: GatewayRequest,
    held: HeldTransaction,
    identify: (dingtalk: DingTalkService) => Promise<ExternalIdentity>,
  ): Promise<Authenticated> {
    const work = async (): Promise<Authenticated> => {
      const transaction = await this.useUp(request, held);
      return { transaction, identity: await step('identify', () => identify(this.dingtalk)) };
    };
    return this.refusedCodes.guard(request.ip, work, isRefusedCode);
  }

  /** The second leg inside DingTalk's client, where our page posts the code that the client gave it. */
  async authenticateInApp(request: GatewayRequest, { code, state }: InAppAnswer): Promise<Authenticated> {
    if (!isCode(code, this.options.codePattern)) throw new InvalidRequestError(DETAIL.dingtalk.oddCode.en);
    const held = await this.hold(request, state, 'in-app');
    const { organization } = held.transaction;
    return this.exchange(request, held, (dingtalk) => dingtalk.identifyInApp(code, organization));
  }

  /** The `Set-Cookie` value that ends a transaction in the browser, whatever came of it. */
  clearCookie(state: string): string {
    return this.transactions.clearCookie(state);
  }

  /** Rejects with the reason where DingTalk cannot be reached. */
  async check(): Promise<void> {
    return this.dingtalk.check();
  }

  private async useUp(request: GatewayRequest, held: HeldTransaction): Promise<SignInTransaction> {
    const transaction = await step('consume', () => this.transactions.useUp(held));
    requestContext(request).errorUrl = (error) => this.signIn?.errorUrl(transaction, error);
    return transaction;
  }
}
