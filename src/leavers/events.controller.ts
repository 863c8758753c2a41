import { Body, Controller, Post, Query, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { NotFoundError } from '../core/errors/index.js';
import { RateLimiter } from '../core/limits/index.js';
import { KnownAuthenticatorGuard } from '../dingtalk/index.js';
import { GatewayErrorFilter, type GatewayRequest, requestContext, Responder } from '../web/index.js';
import { LeaversService } from './leavers.service.js';

/**
 * Receives DingTalk's push of changes in an organization. Anyone can call it: a call that is not signed, encrypted,
 * recent and new is refused without a reason. https://open.dingtalk.com/document/development/http-callback-overview
 *
 * Refused calls are counted by address; calls signed by DingTalk are not. If no proxy is trusted, all callers have the
 * same address, and DingTalk's calls must get through a flood.
 */
@Controller('auth/dingtalk/:authenticator/events')
@UseFilters(GatewayErrorFilter)
@UseGuards(KnownAuthenticatorGuard)
export class EventsController {
  constructor(
    private readonly leavers: LeaversService,
    private readonly responder: Responder,
    private readonly limiter: RateLimiter,
  ) {}

  @Post()
  async receive(
    @Query() query: unknown,
    @Body() body: unknown,
    @Req() request: GatewayRequest,
    @Res() response: unknown,
  ): Promise<void> {
    const { authenticator } = requestContext(request);
    const answer = await this.leavers.receive(authenticator?.name ?? '', { query, body });
    if (answer === undefined) throw new NotFoundError();
    if (answer.status === 403) await this.limiter.count(request.ip, 'stranger');
    await this.responder.json(response, answer.status, answer.body);
  }
}
