import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { NotFoundError } from '../errors/index.js';
import type { GatewayRequest } from '../pages/index.js';
import { DINGTALK_OPTIONS, type DingTalkOptions } from './dingtalk.options.js';

/** A name in the address that is not configured is a page that does not exist. */
@Injectable()
export class KnownAuthenticatorGuard implements CanActivate {
  constructor(@Inject(DINGTALK_OPTIONS) private readonly options: DingTalkOptions) {}

  canActivate(context: ExecutionContext): boolean {
    const { authenticator } = context.switchToHttp().getRequest<GatewayRequest>().params;
    if (authenticator !== undefined && authenticator !== this.options.authenticator) throw new NotFoundError();
    return true;
  }
}
