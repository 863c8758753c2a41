import type { GatewayError } from '../core/errors/index.js';
import type { DingTalkAuthenticator } from './dingtalk-authenticator.js';

/** The ways to sign in that are configured now. What stands behind them may change while the process runs. */
export abstract class Authenticators {
  /** In the order of configuration; the first is the default one. */
  abstract all(): readonly DingTalkAuthenticator[];

  /** Why there is none, or why what there is may be out of date; undefined where all is as it is set up. */
  get trouble(): GatewayError | undefined {
    return undefined;
  }

  /** Why NocoBase takes none of the sessions that end a sign-in by this way; undefined where it does, or nobody looked. */
  sessionTroubleOf(_name: string): GatewayError | undefined {
    return undefined;
  }

  get default(): DingTalkAuthenticator | undefined {
    return this.all()[0];
  }

  find(name: string): DingTalkAuthenticator | undefined {
    return this.all().find((authenticator) => authenticator.name === name);
  }
}

/** One way in, fixed: the module as another application imports it. */
export class OneAuthenticator extends Authenticators {
  constructor(private readonly authenticator: DingTalkAuthenticator) {
    super();
  }

  override all(): readonly [DingTalkAuthenticator] {
    return [this.authenticator];
  }
}
