import { Inject, Injectable } from '@nestjs/common';
import type { ExternalIdentity } from '../core/accounts/index.js';
import {
  AccessDeniedError,
  type Flow,
  type HeldTransaction,
  type Progress,
  ReturnPaths,
  type SignedIn,
  SignInAudit,
  SignInService,
  type SignInTransaction,
  SignInTransactionService,
} from '../auth/index.js';
import type { ReturnPath } from '../core/return-path/index.js';
import { InvalidRequestError } from '../core/errors/index.js';
import {
  type GatewayRequest,
  type InAppPage,
  RefusedCodes,
  requestContext,
  type RequestedAuthenticator,
  type ScanWidget,
  withReturnPath,
} from '../web/index.js';
import { CHALLENGE_PATTERN } from '../core/plugin-protocol/index.js';
import { step } from '../telemetry/index.js';
import { withTimeBudget } from '../upstream/index.js';
import { isCode } from './authorization-code.js';
import { readCallback } from './dingtalk-callback.js';
import { isRefusedCode } from './dingtalk.errors.js';
import { DINGTALK_OPTIONS, type DingTalkOptions } from './dingtalk.options.js';
import { DingTalkService } from './dingtalk.service.js';
import type { InAppAnswer } from './in-app-request.js';

/** All calls of one sign-in together: nobody looks at a blank page for longer. */
const SIGN_IN_BUDGET_MS = 15_000;

const CALLBACK_ROUTE = 'GET /auth/dingtalk/:authenticator/callback';
const IN_APP_ROUTE = 'POST /auth/dingtalk/:authenticator/in-app';

/** What a request for a sign-in says, unread. */
type Query = Readonly<Record<string, unknown>>;

interface Start {
  readonly location: string;
  readonly setCookies: string[];
}

/** One way to sign in: a DingTalk application and the NocoBase it leads to. A sign-in stands here, top to bottom. */
@Injectable()
export class DingTalkAuthenticator implements RequestedAuthenticator {
  constructor(
    @Inject(DINGTALK_OPTIONS) readonly options: DingTalkOptions,
    private readonly transactions: SignInTransactionService,
    private readonly dingtalk: DingTalkService,
    private readonly signIn: SignInService,
    private readonly audit: SignInAudit,
    private readonly refusedCodes: RefusedCodes,
    private readonly returnPaths: ReturnPaths,
  ) {}

  /** The name that stands in the routes and at NocoBase. */
  get name(): string {
    return this.options.authenticator;
  }

  get passwordUrl(): string | undefined {
    return this.options.passwordUrl;
  }

  /** Opens a transaction in this browser, and says where the person goes: to DingTalk, or where NocoBase wants to begin. */
  async start({ redirect, challenge }: Query, cookieHeader: string | undefined): Promise<Start> {
    const returnPath = this.returnPath(redirect);
    const beginning = this.signIn.begin(challenge, { returnPath });
    if (beginning.where === 'elsewhere') return { location: beginning.location, setCookies: [] };
    const kind = { flow: 'browser', challenge: beginning.challenge } as const;
    const { transaction, setCookies } = await this.transactions.open(this.name, returnPath, cookieHeader, kind);
    return { location: this.dingtalk.authorizationUrl(transaction), setCookies };
  }

  /** Whether this browser was given the state that it comes back with, for this way to sign in. */
  async isHeld(state: string | undefined, cookieHeader: string | undefined, flow: Flow): Promise<boolean> {
    if (state === undefined) return false;
    return this.transactions.hold(this.name, state, cookieHeader, flow).then(
      () => true,
      () => false,
    );
  }

  /** From DingTalk's answer to what signs the browser in to NocoBase. */
  async finish(request: GatewayRequest): Promise<SignedIn> {
    return this.record(request, CALLBACK_ROUTE, async (progress) => {
      const callback = readCallback(request.query, this.options.codePattern);
      const held = await this.hold(request, callback.state, 'browser');
      if (callback.kind === 'denied') return this.decline(request, held);
      const { transaction, identity } = await this.exchange(request, held, async () =>
        this.dingtalk.identify(callback.code),
      );
      progress.subject = identity.subject;
      return this.signIn.signIn(identity, transaction, requestContext(request).requestId);
    });
  }

  /** Opens a transaction for our page inside DingTalk's client, and says what stands on that page. */
  async startInApp(
    { redirect, challenge }: Query,
    corpId: string,
    cookieHeader: string | undefined,
  ): Promise<Start | { page: InAppPage; setCookies: string[] }> {
    const returnPath = this.returnPath(redirect);
    const beginning = this.signIn.begin(challenge, { returnPath, organization: corpId });
    if (beginning.where === 'elsewhere') return { location: beginning.location, setCookies: [] };
    const kind = { flow: 'in-app', organization: corpId, challenge: beginning.challenge } as const;
    const { transaction, setCookies } = await this.transactions.open(this.name, returnPath, cookieHeader, kind);
    const { clientId, passwordUrl } = this.options;
    const page = {
      state: transaction.state,
      corpId,
      clientId,
      postUrl: `${this.url}/in-app`,
      browserUrl: withReturnPath(this.url, transaction.returnPath),
      storage: this.signIn.browserStorage(),
      passwordUrl,
    };
    return { page, setCookies };
  }

  /** From the code of DingTalk's client to what signs the browser in to NocoBase. */
  async finishInApp(request: GatewayRequest, { code, state }: InAppAnswer): Promise<SignedIn> {
    return this.record(request, IN_APP_ROUTE, async (progress) => {
      if (!isCode(code, this.options.codePattern)) throw new InvalidRequestError('not a code as DingTalk makes them');
      const held = await this.hold(request, state, 'in-app');
      const { organization } = held.transaction;
      const { transaction, identity } = await this.exchange(request, held, async () =>
        this.dingtalk.identifyInApp(code, organization),
      );
      progress.subject = identity.subject;
      return this.signIn.signIn(identity, transaction, requestContext(request).requestId);
    });
  }

  /**
   * The organization to ask DingTalk's client about: of those that are allowed, the one that the client itself has put
   * into the address of the application's home page (`?corpId=$CORPID$`), else the first.
   *
   * @returns undefined where none is configured: nobody could say whose members may in
   */
  corpIdToAsk(query: Query): string | undefined {
    const { corpIds } = this.options;
    return corpIds.find((corpId) => corpId === (query['corpId'] ?? query['corpid'])) ?? corpIds[0];
  }

  /** Where a silent sign-in inside DingTalk's client starts; undefined where there is none. */
  inAppUrl(query: Query): string | undefined {
    const corpId = this.corpIdToAsk(query);
    if (corpId === undefined) return undefined;
    const redirect = this.returnPath(query['redirect']);
    const search = new URLSearchParams({ corpId, ...(redirect === undefined ? {} : { redirect }) }).toString();
    return `${this.url}/in-app?${search}`;
  }

  /** Opens a transaction for the code that DingTalk's script shows on the sign-in page. */
  async startScan(
    scanScriptUrl: string,
    wanted: unknown,
    cookieHeader: string | undefined,
  ): Promise<{ scan: ScanWidget; setCookies: string[] }> {
    const { location, setCookies } = await this.start({ redirect: wanted }, cookieHeader);
    const { origin, searchParams } = new URL(location);
    const scan = { scriptUrl: scanScriptUrl, loginOrigin: origin, params: Object.fromEntries(searchParams) };
    return { scan, setCookies };
  }

  /** Where a sign-in in the browser starts. */
  startUrl({ redirect, challenge }: Query): string {
    const url = withReturnPath(this.url, this.returnPath(redirect));
    if (typeof challenge !== 'string' || !CHALLENGE_PATTERN.test(challenge)) return url;
    return `${url}${url.includes('?') ? '&' : '?'}challenge=${challenge}`;
  }

  /** The `Set-Cookie` value that ends a transaction in the browser, whatever came of it. */
  clearCookie(state: string): string {
    return this.transactions.clearCookie(state);
  }

  /** The path in normal form, or undefined where it is not a page of NocoBase's that we would send a browser to. */
  returnPath(wanted: unknown): ReturnPath | undefined {
    return this.returnPaths.checked(wanted);
  }

  /** Rejects with the reason where DingTalk cannot be reached. */
  async checkProvider(): Promise<void> {
    return this.dingtalk.check();
  }

  /** Rejects with the reason where NocoBase cannot be used. */
  async checkDirectory(): Promise<void> {
    return this.signIn.check();
  }

  /** Rejects where NocoBase does not take the sessions that end a sign-in here. */
  async checkSession(): Promise<void> {
    return this.signIn.checkSession();
  }

  private get url(): string {
    return `${this.options.publicUrl}/auth/dingtalk/${this.name}`;
  }

  /** Within the time of one sign-in, and with its line in the log. */
  private async record(
    request: GatewayRequest,
    route: string,
    signIn: (progress: Progress) => Promise<SignedIn>,
  ): Promise<SignedIn> {
    const { traceparent } = request.headers;
    const { ip } = request;
    const { requestId } = requestContext(request);
    const context = { requestId, authenticator: this.name, route, traceparent, ip };
    return withTimeBudget(SIGN_IN_BUDGET_MS, () => this.audit.record(context, signIn));
  }

  private async hold(request: GatewayRequest, state: string, flow: Flow): Promise<HeldTransaction> {
    const held = await this.transactions.hold(this.name, state, request.headers.cookie, flow);
    requestContext(request).returnPath = held.transaction.returnPath;
    return held;
  }

  private async useUp(request: GatewayRequest, held: HeldTransaction): Promise<SignInTransaction> {
    const transaction = await step('consume', () => this.transactions.useUp(held));
    requestContext(request).errorUrl = (error) => this.signIn.errorUrl(transaction, error);
    return transaction;
  }

  /** Counted as a refused code is: nobody fills the store of used states by declining. */
  private async decline(request: GatewayRequest, held: HeldTransaction): Promise<never> {
    const declined = async (): Promise<never> => {
      await this.useUp(request, held);
      throw new AccessDeniedError();
    };
    return this.refusedCodes.guard(request.ip, declined, (error) => error instanceof AccessDeniedError);
  }

  /** Code in, person out. Where too many codes of this address were refused, nothing is used up or sent. */
  private async exchange(
    request: GatewayRequest,
    held: HeldTransaction,
    identify: () => Promise<ExternalIdentity>,
  ): Promise<{ transaction: SignInTransaction; identity: ExternalIdentity }> {
    const work = async () => {
      const transaction = await this.useUp(request, held);
      return { transaction, identity: await step('identify', identify) };
    };
    return this.refusedCodes.guard(request.ip, work, isRefusedCode);
  }
}
