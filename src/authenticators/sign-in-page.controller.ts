import { isPrefetch } from '../core/sign-in/index.js';
import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { Authenticators, type DingTalkAuthenticator } from '../dingtalk/index.js';
import {
  type GatewayRequest,
  isDingTalkClient,
  type Locale,
  type PageNeeds,
  PAGES_OPTIONS,
  type PagesOptions,
  preferredLocale,
  Responder,
  type ScanWidget,
  type SetUpNotice,
  type SignInButton,
  signInPage,
  withReturnPath,
} from '../web/index.js';
import { RateLimiter } from '../core/limits/index.js';
import { RateLimitedError } from '../core/limits/index.js';
import { HealthService } from '../health/index.js';
import { PluginError } from '../plugin-client/index.js';
import { PluginDownload } from '../plugin-download/index.js';

/** The gateway's start page: one button for each authenticator. */
@Controller()
export class SignInPageController {
  constructor(
    private readonly authenticators: Authenticators,
    private readonly health: HealthService,
    private readonly responder: Responder,
    private readonly limiter: RateLimiter,
    private readonly plugin: PluginDownload,
    @Inject(PAGES_OPTIONS) private readonly options: PagesOptions,
  ) {}

  @Get()
  async show(
    @Query() query: Readonly<Record<string, unknown>>,
    @Req() request: GatewayRequest,
    @Res() response: unknown,
  ): Promise<void> {
    const locale = preferredLocale(request);
    const authenticators = this.authenticators.all();
    const [first] = authenticators;
    const { scan, needs } = await this.scanWidget(first, query, request, response);
    const page = {
      buttons: authenticators.map((authenticator, index) =>
        this.button(authenticator, index === 0, query['redirect'], locale),
      ),
      passwordUrl: this.options.passwordUrl,
      trouble: await this.health.knownTrouble(),
      setUp: first === undefined ? this.setUp() : undefined,
      // A person who has just signed out must not be signed in again silently (deploy/proxy).
      inAppUrl: isDingTalkClient(request) && query['pause'] !== '1' ? first?.inAppUrl(query) : undefined,
      scan,
      // No one installs plugins from a phone, or inside DingTalk's window.
      plugin: isDingTalkClient(request) ? undefined : await this.plugin.offered(),
      inDingTalk: isDingTalkClient(request),
    };
    await this.responder.page(response, 200, signInPage(page, locale), needs);
  }

  /** Why there is no button, for the operator who sets the gateway up. */
  private setUp(): SetUpNotice | undefined {
    const { trouble } = this.authenticators;
    if (!(trouble instanceof PluginError)) return undefined;
    return { reason: trouble.trouble, gatewayUrl: this.options.publicUrl };
  }

  private button(
    authenticator: DingTalkAuthenticator,
    isDefault: boolean,
    wanted: unknown,
    locale: Locale,
  ): SignInButton {
    const startUrl = `${this.options.publicUrl}/auth/dingtalk${isDefault ? '' : `/${authenticator.name}`}`;
    return {
      href: withReturnPath(startUrl, authenticator.returnPath(wanted)),
      title: authenticator.options.title?.[locale],
      logo: authenticator.options.logo,
    };
  }

  /** For desktop browsers: on a phone people cannot scan their own screen, and inside DingTalk they need not. */
  private async scanWidget(
    authenticator: DingTalkAuthenticator | undefined,
    { redirect }: Readonly<Record<string, unknown>>,
    request: GatewayRequest,
    response: unknown,
  ): Promise<{ scan?: ScanWidget; needs?: PageNeeds }> {
    const scanScriptUrl = authenticator?.options.scanScriptUrl;
    const isDesktop = !/Mobile|Android|DingTalk/i.test(request.headers['user-agent'] ?? 'Mobile');
    if (authenticator === undefined || scanScriptUrl === undefined || !isDesktop || !(await this.mayStart(request)))
      return {};
    const { scan, setCookies } = await authenticator.startScan(scanScriptUrl, redirect, request.headers.cookie);
    for (const cookie of setCookies) this.responder.setCookie(response, cookie);
    return { scan, needs: { frames: scan.loginOrigin, loadsScript: scanScriptUrl } };
  }

  /** The code to scan is a started sign-in, so the same limits apply, but the page is shown in any case. */
  private async mayStart(request: GatewayRequest): Promise<boolean> {
    if (isPrefetch(request)) return false;
    try {
      await this.limiter.count(request.ip);
      return true;
    } catch (error) {
      if (error instanceof RateLimitedError) return false;
      throw error;
    }
  }
}
