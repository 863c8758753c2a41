import type { ExecutionContext } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { GatewayRequest } from '../web/index.js';
import type { DingTalkApplication } from './dingtalk-application.js';
import { stateIn } from '../core/dingtalk/index.js';
import type { DingTalkAuthenticateOptions, DingTalkStrategy } from './dingtalk.strategy.js';
import { endingTransaction } from '../core/dingtalk/index.js';

/** Runs the strategy, and clears the transaction in a browser that returns with a response. */
export abstract class PassportGuard extends AuthGuard() {
  protected constructor(
    strategy: DingTalkStrategy,
    private readonly answersOnly: boolean,
    protected readonly host: HttpAdapterHost,
  ) {
    super({ defaultStrategy: strategy.name, session: false });
  }

  protected abstract applicationOf(request: GatewayRequest): DingTalkApplication;

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const { application, setCookie } = this.getAuthenticateOptions(context);
    const state = stateIn(context.switchToHttp().getRequest<GatewayRequest>().query);
    const clearCookie = (): void => {
      if (state !== undefined) setCookie(application.clearCookie(state));
    };
    return endingTransaction(async () => (await super.canActivate(context)) as boolean, clearCookie);
  }

  override getAuthenticateOptions(context: ExecutionContext): DingTalkAuthenticateOptions {
    const http = context.switchToHttp();
    return {
      application: this.applicationOf(http.getRequest()),
      setCookie: (cookie) => this.host.httpAdapter.appendHeader?.(http.getResponse(), 'Set-Cookie', cookie),
      answersOnly: this.answersOnly,
    };
  }
}
