import { type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { SignInTransactionService } from '../auth/index.js';
import { type GatewayRequest, Responder } from '../pages/index.js';
import { stateIn } from './dingtalk-callback.js';
import { DingTalkStrategy } from './dingtalk.strategy.js';

/** Runs the strategy on the callback. Whatever comes of it, the transaction's cookie has had its day. */
@Injectable()
export class DingTalkAuthGuard extends AuthGuard() {
  constructor(
    strategy: DingTalkStrategy,
    private readonly transactions: SignInTransactionService,
    private readonly responder: Responder,
  ) {
    super({ defaultStrategy: strategy.ownName, session: false });
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const state = stateIn(http.getRequest<GatewayRequest>().query);
    if (state !== undefined) this.responder.setCookie(http.getResponse(), this.transactions.clearCookie(state));
    return (await super.canActivate(context)) as boolean;
  }
}
