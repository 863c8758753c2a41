import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { InvalidRequestError, NotFoundError } from '../core/errors/index.js';
import { isPrefetch } from '../core/sign-in/index.js';
import type { GatewayRequest } from './pages/index.js';
import { DETAIL } from '../core/texts/index.js';

/** A prefetch must not start a sign-in, and above all not use one up. */
@Injectable()
export class NoPrefetchGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { method, headers } = context.switchToHttp().getRequest<GatewayRequest>();
    // Express serves HEAD with the GET route; link previews send it.
    if (method !== 'GET') throw new NotFoundError();
    if (isPrefetch({ headers })) throw new InvalidRequestError(DETAIL.web.prefetch.en);
    return true;
  }
}
