import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { GatewayRequest } from '../pages/index.js';
import { RateLimiter } from '../rate-limit/index.js';
import { DINGTALK_OPTIONS, type DingTalkOptions } from './dingtalk.options.js';

/** Before anything else is done for a request. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(
    private readonly limiter: RateLimiter,
    @Inject(DINGTALK_OPTIONS) private readonly options: DingTalkOptions,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { ip } = context.switchToHttp().getRequest<GatewayRequest>();
    await this.limiter.count(ip, this.options.authenticator);
    return true;
  }
}
