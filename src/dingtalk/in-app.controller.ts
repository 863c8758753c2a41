import { Body, Controller, Get, Post, Query, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import {
  GatewayErrorFilter,
  type GatewayRequest,
  inAppPage,
  isDingTalkClient,
  NoPrefetchGuard,
  preferredLocale,
  Responder,
} from '../web/index.js';
import { endingTransaction } from '../core/dingtalk/index.js';
import type { InAppAnswer } from './in-app-answer.dto.js';
import { InAppAnswerPipe } from './in-app-answer.pipe.js';
import { KnownAuthenticatorGuard } from './known-authenticator.guard.js';
import { FinishLimitGuard, RateLimitGuard } from './rate-limit.guard.js';
import { requestedAuthenticator } from './requested-authenticator.js';
import { SameOriginGuard } from './same-origin.guard.js';

const ROUTE = 'POST /auth/dingtalk/:authenticator/in-app';

/** Silent sign-in inside DingTalk's client: a page that asks the client for a code, and the address it posts it to. */
@Controller('auth/dingtalk/:authenticator/in-app')
@UseFilters(GatewayErrorFilter)
@UseGuards(KnownAuthenticatorGuard)
export class InAppController {
  constructor(private readonly responder: Responder) {}

  @Get()
  @UseGuards(NoPrefetchGuard, RateLimitGuard)
  async show(
    @Query() query: Readonly<Record<string, unknown>>,
    @Req() request: GatewayRequest,
    @Res() response: unknown,
  ): Promise<void> {
    const authenticator = requestedAuthenticator(request);
    const corpId = isDingTalkClient(request) ? authenticator.corpIdToAsk(query) : undefined;
    if (corpId === undefined) {
      return this.responder.redirect(response, 302, authenticator.startUrl(query));
    }
    const started = await authenticator.startInApp(query, corpId, request.headers.cookie);
    for (const cookie of started.setCookies) this.responder.setCookie(response, cookie);
    if ('location' in started) return this.responder.redirect(response, 302, started.location);
    await this.responder.page(response, 200, inAppPage(started.page, preferredLocale(request)), { asksHome: true });
  }

  @Post()
  @UseGuards(SameOriginGuard, FinishLimitGuard)
  async finish(
    @Body(InAppAnswerPipe) answer: InAppAnswer,
    @Req() request: GatewayRequest,
    @Res() response: unknown,
  ): Promise<void> {
    const authenticator = requestedAuthenticator(request);
    const { application } = authenticator;
    const { handOff } = await endingTransaction(
      () => authenticator.finish(request, ROUTE, () => application.authenticateInApp(request, answer)),
      () => this.responder.setCookie(response, application.clearCookie(answer.state)),
    );
    const session = handOff.kind === 'page' ? handOff.session : {};
    await this.responder.json(response, 200, { ...session, location: handOff.location });
  }
}
