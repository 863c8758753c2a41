import { type ExecutionContext, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { SignedIn } from '../auth/index.js';
import type { GatewayRequest } from '../web/index.js';
import type { Authenticated } from '../core/dingtalk/index.js';
import type { DingTalkApplication } from './dingtalk-application.js';
import { DingTalkStrategy } from './dingtalk.strategy.js';
import { PassportGuard } from './passport.guard.js';
import { requestedAuthenticator } from './requested-authenticator.js';

const CALLBACK_ROUTE = 'GET /auth/dingtalk/:authenticator/callback';

/** On the gateway's callback: passport identifies the person, and `request.user` is what signs them in to NocoBase. */
@Injectable()
export class SignInGuard extends PassportGuard {
  constructor(strategy: DingTalkStrategy, host: HttpAdapterHost) {
    super(strategy, true, host);
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<GatewayRequest & { user: Authenticated | SignedIn }>();
    request.user = await requestedAuthenticator(request).finish(request, CALLBACK_ROUTE, async () => {
      await super.canActivate(context);
      return request.user as Authenticated;
    });
    return true;
  }

  protected override applicationOf(request: GatewayRequest): DingTalkApplication {
    return requestedAuthenticator(request).application;
  }
}
