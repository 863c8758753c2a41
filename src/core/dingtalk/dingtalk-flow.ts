import type { ExternalIdentity } from '../accounts/index.js';
import { InvalidRequestError } from '../errors/index.js';
import type { RefusedCodes } from '../limits/index.js';
import type { ReturnPath } from '../return-path/index.js';
import {
  AccessDeniedError,
  type Flow,
  type HeldTransaction,
  type SignInTransaction,
  type SignInTransactions,
} from '../sign-in/index.js';
import { DETAIL } from '../texts/index.js';
import { isCode } from './authorization-code.js';
import type { DingTalk } from './dingtalk.js';
import type { DingTalkOptions } from './dingtalk-options.js';
import { isRefusedCode } from './dingtalk.errors.js';

/** Who came back from DingTalk, and in which sign-in. */
export interface Authenticated {
  readonly identity: ExternalIdentity;
  readonly transaction: SignInTransaction;
}

/** A request that starts or finishes a sign-in, in any web framework. */
export interface SignInRequest {
  /** The client's address, as its host sees it. */
  readonly ip?: string | undefined;
  readonly headers: { readonly cookie?: string | undefined };
}

/** Notifies a host about a running sign-in. */
export interface FlowObserver {
  /** The request comes from the browser that started this sign-in. */
  held?(request: SignInRequest, transaction: SignInTransaction): void;
  /** From now on a failure belongs to this sign-in, and to no other. */
  usedUp?(request: SignInRequest, transaction: SignInTransaction): void;
  /** Measures a part of a sign-in. */
  step?<T>(name: 'consume' | 'identify', work: () => Promise<T>): Promise<T>;
}

/** A transaction that was opened, and the cookies that keep it in the browser. */
export type Opened = Awaited<ReturnType<SignInTransactions['open']>>;

/** A code that DingTalk's client gave to our page, and the state that the page was served with. */
export interface InAppCode {
  readonly code: string;
  readonly state: string;
}

/** The steps of DingTalk's authorization code flow (RFC 6749 section 4.1), of one application. */
export class DingTalkFlow {
  constructor(
    readonly options: DingTalkOptions,
    private readonly transactions: SignInTransactions,
    protected readonly dingtalk: DingTalk,
    private readonly refusedCodes: RefusedCodes,
    private readonly observer: FlowObserver = {},
  ) {}

  /** Opens a transaction for this browser. */
  async open(
    returnPath: ReturnPath | undefined,
    cookieHeader: string | undefined,
    kind: Pick<SignInTransaction, 'flow' | 'organization' | 'challenge'>,
  ): Promise<Opened> {
    return this.transactions.open(this.options.authenticator, returnPath, cookieHeader, kind);
  }

  /** Where DingTalk asks for the person's consent. */
  authorizationUrl(transaction: SignInTransaction): string {
    return this.dingtalk.authorizationUrl(transaction);
  }

  /** Whether this browser was given the state that it returns with, for this application. */
  async isHeld(state: string | undefined, cookieHeader: string | undefined, flow: Flow): Promise<boolean> {
    if (state === undefined) return false;
    return this.transactions.hold(this.options.authenticator, state, cookieHeader, flow).then(
      () => true,
      () => false,
    );
  }

  /** Proves that this browser started the sign-in. Uses nothing up. @throws InvalidStateError */
  async hold(request: SignInRequest, state: string, flow: Flow): Promise<HeldTransaction> {
    const held = await this.transactions.hold(this.options.authenticator, state, request.headers.cookie, flow);
    this.observer.held?.(request, held.transaction);
    return held;
  }

  /** Counted like a refused code, so that declining cannot fill the store of used states. @throws AccessDeniedError */
  async decline(request: SignInRequest, held: HeldTransaction): Promise<never> {
    const declined = async (): Promise<never> => {
      await this.useUp(request, held);
      throw new AccessDeniedError();
    };
    return this.refusedCodes.guard(request.ip, declined, (error) => error instanceof AccessDeniedError);
  }

  /**
   * Exchanges a code for a person, once. If too many codes from this address were refused, nothing is used up or sent.
   */
  async exchange(
    request: SignInRequest,
    held: HeldTransaction,
    identify: (dingtalk: DingTalk) => Promise<ExternalIdentity>,
  ): Promise<Authenticated> {
    const work = async (): Promise<Authenticated> => {
      const transaction = await this.useUp(request, held);
      return { transaction, identity: await this.step('identify', () => identify(this.dingtalk)) };
    };
    return this.refusedCodes.guard(request.ip, work, isRefusedCode);
  }

  /** The second leg inside DingTalk's client, where our page sends the code that the client gave it. */
  async authenticateInApp(request: SignInRequest, { code, state }: InAppCode): Promise<Authenticated> {
    if (!isCode(code, this.options.codePattern)) throw new InvalidRequestError(DETAIL.dingtalk.oddCode.en);
    const held = await this.hold(request, state, 'in-app');
    const { organization } = held.transaction;
    return this.exchange(request, held, (dingtalk) => dingtalk.identifyInApp(code, organization));
  }

  /** The `Set-Cookie` value that ends a transaction in the browser, whatever its outcome. */
  clearCookie(state: string): string {
    return this.transactions.clearCookie(state);
  }

  private async useUp(request: SignInRequest, held: HeldTransaction): Promise<SignInTransaction> {
    const transaction = await this.step('consume', () => this.transactions.useUp(held));
    this.observer.usedUp?.(request, transaction);
    return transaction;
  }

  private async step<T>(name: 'consume' | 'identify', work: () => Promise<T>): Promise<T> {
    return this.observer.step === undefined ? work() : this.observer.step(name, work);
  }
}
