import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { NotFoundError } from '../core/errors/index.js';
import { type GatewayRequest, requestContext } from '../web/index.js';
import { Authenticators } from './authenticators.js';

/**
 * Finds the authenticator named in the path. An unknown name is a page that does not exist, unless there are no
 * authenticators: then the path may be right.
 */
@Injectable()
export class KnownAuthenticatorGuard implements CanActivate {
  constructor(private readonly authenticators: Authenticators) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<GatewayRequest>();
    const { authenticator: name } = request.params;
    const found = typeof name === 'string' ? this.authenticators.find(name) : this.authenticators.default;
    if (found === undefined) {
      const { trouble } = this.authenticators;
      throw trouble !== undefined && this.authenticators.default === undefined ? trouble : new NotFoundError();
    }
    const requested = requestContext(request);
    requested.authenticator = found;
    if (found !== this.authenticators.default) requested.startPath = `/auth/dingtalk/${found.name}`;
    return true;
  }
}
