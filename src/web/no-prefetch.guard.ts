import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { InvalidRequestError, NotFoundError } from '../core/errors/index.js';
import type { GatewayRequest } from './pages/index.js';
import { DETAIL } from '../core/texts/index.js';

/**
 * A browser that loads a page before anybody asked for it says so (https://wicg.github.io/nav-speculation/prefetch.html,
 * `Sec-Purpose`).
 */
export function isPrefetch({ headers }: Pick<GatewayRequest, 'headers'>): boolean {
  const purposes = [headers['sec-purpose'], headers['purpose'], headers['x-purpose'], headers['x-moz']];
  return purposes.some((purpose) => purpose !== undefined && /prefetch|preview/i.test(String(purpose)));
}

/** A prefetch must not start a sign-in, and above all not use one up. */
@Injectable()
export class NoPrefetchGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { method, headers } = context.switchToHttp().getRequest<GatewayRequest>();
    // Express answers HEAD with the GET route; link previews send it.
    if (method !== 'GET') throw new NotFoundError();
    if (isPrefetch({ headers })) throw new InvalidRequestError(DETAIL.web.prefetch.en);
    return true;
  }
}
