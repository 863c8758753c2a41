import { type ExecutionContext, HttpException, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { admit, type ExternalIdentity } from '../core/accounts/index.js';
import { ERROR_TEXTS, GatewayError } from '../core/errors/index.js';
import { withTimeBudget } from '../core/upstream/index.js';
import { type GatewayRequest, NoPrefetchGuard } from '../web/index.js';
import { RateLimiter } from '../core/limits/index.js';
import { type Authenticated } from '../core/dingtalk/index.js';
import { DingTalkApplication } from './dingtalk-application.js';
import { stateIn } from '../core/dingtalk/index.js';
import { SIGN_IN_BUDGET_MS } from '../core/dingtalk/index.js';
import { DingTalkStrategy } from './dingtalk.strategy.js';
import { PassportGuard } from './passport.guard.js';

/** The methods that passport calls on a response to redirect. */
interface RedirectedResponse {
  statusCode: number;
  setHeader(name: string, value: string): void;
  end(): void;
}

/**
 * For the routes of an application that imports `DingTalkModule`: redirects the browser to DingTalk, and lets people
 * through when they return, as `request.user: ExternalIdentity`. A refusal is an HttpException whose `error` is one of
 * our codes.
 */
@Injectable()
export class DingTalkAuthGuard extends PassportGuard {
  constructor(
    strategy: DingTalkStrategy,
    host: HttpAdapterHost,
    private readonly application: DingTalkApplication,
    private readonly limiter: RateLimiter,
  ) {
    super(strategy, false, host);
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<GatewayRequest & { user: Authenticated | ExternalIdentity }>();
    const response: unknown = http.getResponse();
    // An authorization response must not be cached, and its address must not leak through `Referer`.
    this.header(response, 'Cache-Control', 'no-store');
    this.header(response, 'Referrer-Policy', 'no-referrer');
    try {
      new NoPrefetchGuard().canActivate(context);
      await this.count(request);
      await withTimeBudget(SIGN_IN_BUDGET_MS, () => super.canActivate(context));
      const { identity } = request.user as Authenticated;
      admit(identity, { allowedOrganizations: this.application.options.corpIds });
      request.user = identity;
      return true;
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      if (error.retryAfterSeconds !== undefined) {
        this.header(response, 'Retry-After', String(error.retryAfterSeconds));
      }
      throw asHttpException(error);
    }
  }

  /** Passport redirects like Node; frameworks have their own way, with their hooks. */
  getResponse(context: ExecutionContext): RedirectedResponse {
    const response: unknown = context.switchToHttp().getResponse();
    const { httpAdapter } = this.host;
    return {
      statusCode: 302,
      setHeader: (name, value) => this.header(response, name, value),
      end() {
        httpAdapter.reply(response, '', this.statusCode);
      },
    };
  }

  protected override applicationOf(): DingTalkApplication {
    return this.application;
  }

  /** A browser that holds the transaction of its response is counted separately from those without one. */
  private async count({ query, headers, ip }: GatewayRequest): Promise<void> {
    const isHeld = await this.application.isHeld(stateIn(query), headers.cookie, 'browser');
    await this.limiter.count(ip, isHeld ? 'holder' : 'anybody');
  }

  private header(response: unknown, name: string, value: string): void {
    this.host.httpAdapter.setHeader(response, name, value);
  }
}

/** The body that Nest's own filter sends; the detail stays in the cause, for a filter of the application. */
function asHttpException(error: GatewayError): HttpException {
  const { code, status } = error;
  const body = { statusCode: status, error: code, message: ERROR_TEXTS.en[code].title };
  return new HttpException(body, status, { cause: error });
}
