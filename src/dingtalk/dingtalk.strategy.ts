import { randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import passport from 'passport';
import type { GatewayRequest } from '../web/index.js';
import type { Authenticated } from '../core/dingtalk/index.js';
import type { DingTalkApplication } from './dingtalk-application.js';
import { isAnswer, readCallback } from '../core/dingtalk/index.js';

/** A guard's options for one request. */
export interface DingTalkAuthenticateOptions {
  readonly application: DingTalkApplication;
  readonly setCookie: (cookie: string) => void;
  /** For an address that receives only DingTalk's responses: no sign-in starts there. */
  readonly answersOnly: boolean;
}

/**
 * Passport's strategy for DingTalk: both legs of the authorization code flow (RFC 6749 section 4.1), in the browser.
 * One instance serves all DingTalk applications; the guard selects one. It succeeds with `Authenticated`.
 */
@Injectable()
export class DingTalkStrategy extends passport.Strategy implements OnApplicationShutdown {
  /**
   * Passport keeps strategies in one table for the whole process. A unique name for each instance keeps two
   * applications in one process separate.
   */
  override readonly name = `dingtalk-${randomUUID()}`;

  constructor() {
    super();
    passport.use(this);
  }

  override authenticate(request: GatewayRequest, options: DingTalkAuthenticateOptions): void {
    const leg =
      options.answersOnly || isAnswer(request.query)
        ? this.finish(request, options).then((authenticated) => this.success(authenticated))
        : this.start(request, options).then((authorizationUrl) => this.redirect(authorizationUrl));
    leg.catch((error: unknown) => this.error(error));
  }

  /** Not earlier: running requests look the strategy up by its name. */
  onApplicationShutdown(): void {
    passport.unuse(this.name);
  }

  /** To DingTalk, with a state that is bound to this browser. */
  private async start(
    request: GatewayRequest,
    { application, setCookie }: DingTalkAuthenticateOptions,
  ): Promise<string> {
    const { transaction, setCookies } = await application.open(undefined, request.headers.cookie, { flow: 'browser' });
    for (const cookie of setCookies) setCookie(cookie);
    return application.authorizationUrl(transaction);
  }

  /** From DingTalk: the state belongs to this browser, and is used up before the code is sent, once. */
  private async finish(request: GatewayRequest, { application }: DingTalkAuthenticateOptions): Promise<Authenticated> {
    const callback = readCallback(request.query, application.options.codePattern);
    const held = await application.hold(request, callback.state, 'browser');
    if (callback.kind === 'denied') return application.decline(request, held);
    return application.exchange(request, held, (dingtalk) => dingtalk.identify(callback.code));
  }
}
