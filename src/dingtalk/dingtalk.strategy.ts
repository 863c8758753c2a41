import { randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import passport from 'passport';
import { Strategy } from 'passport-custom';
import type { SignedIn } from '../auth/index.js';
import type { GatewayRequest } from '../web/index.js';
import { requestedAuthenticator } from './requested-authenticator.js';

/** Passport's way to the authenticator that a callback is for. */
@Injectable()
export class DingTalkStrategy extends Strategy implements OnApplicationShutdown {
  /**
   * Passport keeps strategies in one table for the whole process. A name of its own for each instance makes sure that
   * two applications in one process never answer for each other.
   */
  readonly ownName = `dingtalk-${randomUUID()}`;

  constructor() {
    super((request, done) => {
      // Passport speaks callbacks.
      void this.validate(request).then(
        (signedIn) => done(null, signedIn),
        (error: unknown) => done(error),
      );
    });
    passport.use(this.ownName, this);
  }

  async validate(request: GatewayRequest): Promise<SignedIn> {
    return requestedAuthenticator(request).finish(request);
  }

  /** Not before: requests that are still served find the strategy by its name. */
  onApplicationShutdown(): void {
    passport.unuse(this.ownName);
  }
}
