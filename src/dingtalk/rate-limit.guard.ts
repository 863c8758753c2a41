import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { GatewayRequest } from '../pages/index.js';
import { RateLimiter } from '../rate-limit/index.js';
import { requestedAuthenticator } from './requested-authenticator.js';

/** Before anything else is done for a request. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(private readonly limiter: RateLimiter) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<GatewayRequest>();
    await this.limiter.count(request.ip, requestedAuthenticator(request).name);
    return true;
  }
}
