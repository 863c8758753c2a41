import type { GatewayError } from '../core/errors/index.js';
import type { DingTalkAuthenticator } from './dingtalk-authenticator.js';

/** The currently configured ways to sign in. They may be replaced while the process runs. */
export abstract class Authenticators {
  /** In the order of configuration; the first is the default. */
  abstract all(): readonly DingTalkAuthenticator[];

  /** Why there is none, or why the settings may be out of date; undefined if they are current. */
  get trouble(): GatewayError | undefined {
    return undefined;
  }

  /** Why NocoBase refuses the sessions of this authenticator; undefined if it accepts them, or was not asked. */
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

/** A single fixed authenticator: the module as another application imports it. */
export class OneAuthenticator extends Authenticators {
  constructor(private readonly authenticator: DingTalkAuthenticator) {
    super();
  }

  override all(): readonly [DingTalkAuthenticator] {
    return [this.authenticator];
  }
}
