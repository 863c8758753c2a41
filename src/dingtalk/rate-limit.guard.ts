import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Flow } from '../core/sign-in/index.js';
import { type GatewayRequest } from '../web/index.js';
import { RateLimiter } from '../core/limits/index.js';
import { stateIn } from '../core/dingtalk/index.js';
import { requestedAuthenticator } from './requested-authenticator.js';

/** Before anything else is done for a request that starts a sign-in: it asks nobody, and anybody can send it. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(private readonly limiter: RateLimiter) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    await this.limiter.count(context.switchToHttp().getRequest<GatewayRequest>().ip);
    return true;
  }
}

/**
 * Before a sign-in is finished: a browser that holds the transaction which it answers for is not counted with those that
 * hold none, whatever cookies and states they send. Nothing is used up.
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
