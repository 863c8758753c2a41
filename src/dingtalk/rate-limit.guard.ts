import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Flow } from '../core/sign-in/index.js';
import { type GatewayRequest } from '../web/index.js';
import { RateLimiter } from '../core/limits/index.js';
import { stateIn } from '../core/dingtalk/index.js';
import { requestedAuthenticator } from './requested-authenticator.js';

/**
 * Runs before anything else for a request that starts a sign-in: it makes no call, and anyone can send such a request.
 */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(private readonly limiter: RateLimiter) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    await this.limiter.count(context.switchToHttp().getRequest<GatewayRequest>().ip);
    return true;
  }
}

/**
 * Runs before a sign-in is finished: a browser that holds the transaction of its response is counted separately from
 * those without one, whatever cookies and states they send. Nothing is used up.
 */
@Injectable()
export class FinishLimitGuard implements CanActivate {
  constructor(private readonly limiter: RateLimiter) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<GatewayRequest>();
    const [state, flow]: [string | undefined, Flow] =
      request.method === 'POST' ? [stateIn(request.body), 'in-app'] : [stateIn(request.query), 'browser'];
    const isHeld = await requestedAuthenticator(request).application.isHeld(state, request.headers.cookie, flow);
    await this.limiter.count(request.ip, isHeld ? 'holder' : 'anybody');
    return true;
  }
}
