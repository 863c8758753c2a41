import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { InvalidRequestError } from '../core/errors/index.js';
import type { GatewayRequest } from '../web/index.js';
import { requestedAuthenticator } from './requested-authenticator.js';
import { DETAIL } from '../core/texts/index.js';

/**
 * Accepts a request that changes something only from one of our pages: browsers send its origin in `Origin`
 * (https://fetch.spec.whatwg.org/#origin-header) and, newer ones, in `Sec-Fetch-Site`
 * (https://www.w3.org/TR/fetch-metadata/). Other origins cannot send JSON without a preflight, which is not answered
 * here.
 */
@Injectable()
export class SameOriginGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<GatewayRequest>();
    const { origin, 'sec-fetch-site': site, 'content-type': type } = request.headers;
    if (origin !== new URL(requestedAuthenticator(request).options.publicUrl).origin) {
      throw new InvalidRequestError(DETAIL.dingtalk.otherOrigin.en);
    }
    if (site !== undefined && site !== 'same-origin') {
      throw new InvalidRequestError(DETAIL.dingtalk.otherSite.en);
    }
    if (!/^application\/json\s*(;|$)/i.test(type ?? '')) throw new InvalidRequestError(DETAIL.dingtalk.notJson.en);
    return true;
  }
}
