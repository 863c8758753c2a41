import { Controller, Get, Inject, Param, Query, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { type SignedIn, SignInTransactionService } from '../auth/index.js';
import { GatewayErrorFilter, type GatewayRequest, handOffPage, preferredLocale, Responder } from '../pages/index.js';
import { DingTalkAuthGuard } from './dingtalk-auth.guard.js';
import { DINGTALK_OPTIONS, type DingTalkOptions } from './dingtalk.options.js';
import { DingTalkService } from './dingtalk.service.js';
import { KnownAuthenticatorGuard } from './known-authenticator.guard.js';
import { NoPrefetchGuard } from './no-prefetch.guard.js';
import { RateLimitGuard } from './rate-limit.guard.js';

/** The three addresses of a sign-in in the browser. */
@Controller('auth/dingtalk')
@UseFilters(GatewayErrorFilter)
@UseGuards(KnownAuthenticatorGuard, NoPrefetchGuard, RateLimitGuard)
export class DingTalkController {
  constructor(
    private readonly transactions: SignInTransactionService,
    private readonly dingtalk: DingTalkService,
    private readonly responder: Responder,
    @Inject(DINGTALK_OPTIONS) private readonly options: DingTalkOptions,
  ) {}

  @Get()
  async startDefault(
    @Query('redirect') wanted: unknown,
    @Req() request: GatewayRequest,
    @Res() response: unknown,
  ): Promise<void> {
    return this.start(this.options.authenticator, wanted, request, response);
  }

  @Get(':authenticator')
  async start(
    @Param('authenticator') authenticator: string,
    @Query('redirect') wanted: unknown,
    @Req() request: GatewayRequest,
    @Res() response: unknown,
  ): Promise<void> {
    const { transaction, setCookies } = await this.transactions.open(authenticator, wanted, request.headers.cookie);
    for (const cookie of setCookies) this.responder.setCookie(response, cookie);
    await this.responder.redirect(response, 302, this.dingtalk.authorizationUrl(transaction));
  }

  @Get(':authenticator/callback')
  @UseGuards(DingTalkAuthGuard)
  async callback(@Req() request: GatewayRequest & { user: SignedIn }, @Res() response: unknown): Promise<void> {
    const { handOff } = request.user;
    if (handOff.kind === 'redirect') return this.responder.redirect(response, 303, handOff.location);
    return this.responder.page(response, 200, handOffPage(handOff, preferredLocale(request)), { asksHome: true });
  }
}
