import { type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { type GatewayRequest, Responder } from '../web/index.js';
import { stateIn } from './dingtalk-callback.js';
import { DingTalkStrategy } from './dingtalk.strategy.js';
import { endingTransaction } from './ending-transaction.js';
import { requestedAuthenticator } from './requested-authenticator.js';

/** Runs the strategy on the callback. */
@Injectable()
export class DingTalkAuthGuard extends AuthGuard() {
  constructor(
    strategy: DingTalkStrategy,
    private readonly responder: Responder,
  ) {
    super({ defaultStrategy: strategy.ownName, session: false });
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<GatewayRequest>();
    const state = stateIn(request.query);
    const clearCookie = (): void => {
      if (state === undefined) return;
      this.responder.setCookie(http.getResponse(), requestedAuthenticator(request).clearCookie(state));
    };
    return endingTransaction(async () => (await super.canActivate(context)) as boolean, clearCookie);
  }
}
