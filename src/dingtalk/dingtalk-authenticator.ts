import { Injectable } from '@nestjs/common';
import { type Progress, ReturnPaths, type SignedIn, SignInAudit, SignInService } from '../auth/index.js';
import type { ReturnPath } from '../core/return-path/index.js';
import {
  type GatewayRequest,
  type InAppPage,
  requestContext,
  type RequestedAuthenticator,
  type ScanWidget,
  withReturnPath,
} from '../web/index.js';
import { CHALLENGE_PATTERN } from '../core/plugin-protocol/index.js';
import { withTimeBudget } from '../core/upstream/index.js';
import { type Authenticated } from '../core/dingtalk/index.js';
import { DingTalkApplication } from './dingtalk-application.js';
import { SIGN_IN_BUDGET_MS } from '../core/dingtalk/index.js';
import type { DingTalkOptions } from './dingtalk.options.js';

/** The query of a request for a sign-in, unvalidated. */
type Query = Readonly<Record<string, unknown>>;

interface Start {
  readonly location: string;
  readonly setCookies: string[];
}

/** One way to sign in: a DingTalk application and the NocoBase it leads to. `finish` is a sign-in, top to bottom. */
@Injectable()
export class DingTalkAuthenticator implements RequestedAuthenticator {
  /** Called after a new binding, for hosts that store more about people than bindings. */
  onNewBinding: ((unionId: string) => void) | undefined;

  constructor(
    readonly application: DingTalkApplication,
    private readonly signIn: SignInService,
    private readonly audit: SignInAudit,
    private readonly returnPaths: ReturnPaths,
  ) {}

  get options(): DingTalkOptions {
    return this.application.options;
  }

  /** Its name in routes and in NocoBase. */
  get name(): string {
    return this.options.authenticator;
  }

  get passwordUrl(): string | undefined {
    return this.options.passwordUrl;
  }

  /**
   * Opens a transaction in this browser, and returns where to redirect: to DingTalk, or to NocoBase if sign-ins start
   * there.
   */
  async start({ redirect, challenge }: Query, cookieHeader: string | undefined): Promise<Start> {
    const returnPath = this.returnPath(redirect);
    const beginning = this.signIn.begin(challenge, { returnPath });
    if (beginning.where === 'elsewhere') return { location: beginning.location, setCookies: [] };
    const kind = { flow: 'browser', challenge: beginning.challenge } as const;
    const { transaction, setCookies } = await this.application.open(returnPath, cookieHeader, kind);
    return { location: this.application.authorizationUrl(transaction), setCookies };
  }

  /**
   * A sign-in from DingTalk's response to what signs the browser in to NocoBase: with a time budget, and a line in the
   * log.
   *
   * @param route method and route pattern
   * @param authenticate identifies the person and the sign-in: passport's strategy, or our page inside DingTalk's
   *   client
   */
  async finish(request: GatewayRequest, route: string, authenticate: () => Promise<Authenticated>): Promise<SignedIn> {
    const { requestId } = requestContext(request);
    const { traceparent } = request.headers;
    const context = { requestId, authenticator: this.name, route, traceparent, ip: request.ip };
    const signIn = async (progress: Progress): Promise<SignedIn> => {
      const { identity, transaction } = await authenticate();
      progress.subject = identity.subject;
      const signedIn = await this.signIn.signIn(identity, transaction, requestId);
      if (signedIn.match === 'linked' || signedIn.match === 'registered') this.onNewBinding?.(identity.subject);
      return signedIn;
    };
    return withTimeBudget(SIGN_IN_BUDGET_MS, () => this.audit.record(context, signIn));
  }

  /** Opens a transaction for our page inside DingTalk's client, and returns the content of that page. */
  async startInApp(
    { redirect, challenge }: Query,
    corpId: string,
    cookieHeader: string | undefined,
  ): Promise<Start | { page: InAppPage; setCookies: string[] }> {
    const returnPath = this.returnPath(redirect);
    const beginning = this.signIn.begin(challenge, { returnPath, organization: corpId });
    if (beginning.where === 'elsewhere') return { location: beginning.location, setCookies: [] };
    const kind = { flow: 'in-app', organization: corpId, challenge: beginning.challenge } as const;
    const { transaction, setCookies } = await this.application.open(returnPath, cookieHeader, kind);
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

  /**
   * The organization to request a code for in DingTalk's client: among the allowed ones, the one that the client itself
   * has put into the address of the application's home page (`?corpId=$CORPID$`), else the first.
   *
   * @returns undefined if none is configured: then it would be unknown whose members are allowed in
   */
  corpIdToAsk(query: Query): string | undefined {
    const { corpIds } = this.options;
    return corpIds.find((corpId) => corpId === (query['corpId'] ?? query['corpid'])) ?? corpIds[0];
  }

  /** Where a silent sign-in inside DingTalk's client starts; undefined if it is not available. */
  inAppUrl(query: Query): string | undefined {
    const corpId = this.corpIdToAsk(query);
    if (corpId === undefined) return undefined;
    const redirect = this.returnPath(query['redirect']);
    const search = new URLSearchParams({ corpId, ...(redirect === undefined ? {} : { redirect }) }).toString();
    return `${this.url}/in-app?${search}`;
  }

  /** Opens a transaction for the code to scan that DingTalk's script shows on the sign-in page. */
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

  /** The normalized path; undefined if it is not a page of NocoBase that we would send a browser to. */
  returnPath(wanted: unknown): ReturnPath | undefined {
    return this.returnPaths.checked(wanted);
  }

  /** Rejects with the reason if DingTalk cannot be reached. */
  async checkProvider(): Promise<void> {
    return this.application.check();
  }

  /** Rejects with the reason if NocoBase cannot be used. */
  async checkDirectory(): Promise<void> {
    return this.signIn.check();
  }

  /** Rejects if NocoBase does not accept the sessions issued here. */
  async checkSession(): Promise<void> {
    return this.signIn.checkSession();
  }

  private get url(): string {
    return `${this.options.publicUrl}/auth/dingtalk/${this.name}`;
  }
}
