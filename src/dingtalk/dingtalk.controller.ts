import { Controller, Get, Query, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import type { SignedIn } from '../auth/index.js';
import {
  GatewayErrorFilter,
  type GatewayRequest,
  handOffPage,
  NoPrefetchGuard,
  preferredLocale,
  Responder,
} from '../web/index.js';
import { KnownAuthenticatorGuard } from './known-authenticator.guard.js';
import { FinishLimitGuard, RateLimitGuard } from './rate-limit.guard.js';
import { requestedAuthenticator } from './requested-authenticator.js';
import { SignInGuard } from './sign-in.guard.js';

/** The addresses of a sign-in in the browser. */
@Controller('auth/dingtalk')
@UseFilters(GatewayErrorFilter)
@UseGuards(KnownAuthenticatorGuard, NoPrefetchGuard)
export class DingTalkController {
  constructor(private readonly responder: Responder) {}

  /** Without a name: the default authenticator. */
  @Get(['', ':authenticator'])
  @UseGuards(RateLimitGuard)
  async start(
    @Query() query: Readonly<Record<string, unknown>>,
    @Req() request: GatewayRequest,
    @Res() response: unknown,
  ): Promise<void> {
    const { location, setCookies } = await requestedAuthenticator(request).start(query, request.headers.cookie);
    for (const cookie of setCookies) this.responder.setCookie(response, cookie);
    await this.responder.redirect(response, 302, location);
  }

  @Get(':authenticator/callback')
  @UseGuards(FinishLimitGuard, SignInGuard)
  async callback(@Req() request: GatewayRequest & { user: SignedIn }, @Res() response: unknown): Promise<void> {
    const { handOff } = request.user;
    if (handOff.kind === 'redirect') return this.responder.redirect(response, 303, handOff.location);
    return this.responder.page(response, 200, handOffPage(handOff, preferredLocale(request)), { asksHome: true });
  }
}
