import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { NotFoundError } from '../core/errors/index.js';
import { type GatewayRequest, rememberWayIn } from '../web/index.js';
import { Authenticators } from './authenticators.js';
import { rememberAuthenticator } from './requested-authenticator.js';

/**
 * Finds the authenticator that the address names. A name that is not configured is a page that does not exist, unless
 * none is there: then the address may be right.
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
    rememberAuthenticator(request, found);
    rememberWayIn(request, {
      authenticator: found === this.authenticators.default ? undefined : found.name,
      passwordUrl: found.options.passwordUrl,
    });
    return true;
  }
}
