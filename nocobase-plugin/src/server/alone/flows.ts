import { randomUUID } from 'node:crypto';
import type { Application } from '@nocobase/server';
import RateLimiterMemory from 'rate-limiter-flexible/lib/RateLimiterMemory.js';
import {
  DingTalk,
  DingTalkFlow,
  type DingTalkOptions,
  type Members,
  partsOf,
  type SignInRequest,
  unshared,
} from '../../../../src/core/dingtalk/index.js';
import { type LimiterOf, RateLimiter, RefusedCodes, WINDOW_SECONDS } from '../../../../src/core/limits/index.js';
import type { ReturnPath } from '../../../../src/core/return-path/index.js';
import { deriveKey } from '../../../../src/core/sealed/index.js';
import { REQUESTS_PER_MINUTE } from '../../../../src/core/settings/index.js';
import { type SignInTransaction, SignInTransactions } from '../../../../src/core/sign-in/index.js';
import { homePageHere, returnPathOf } from '../return-paths.js';
import { MadeForAuthenticators } from '../made-for-authenticators.js';
import { ownCalls } from '../own-calls.js';
import type { Settings } from '../settings.js';
import { LOG } from '../texts.js';
import type { UsedTickets } from '../used-tickets.js';
import { applicationOf } from './application.js';
import { dingTalkEnvironment } from './dingtalk-environment.js';
import type { KnownAuthenticator } from './known-authenticators.js';
import { UsedStates } from './used-states.js';

const PURPOSE = 'nocobase-dingtalk-gateway/sign-in-transactions/v1';

/** The time that a person may take at DingTalk. */
const TRANSACTION_SECONDS = 600;
const MAX_FLOWS = 100;

/** A request, and a callback for a return path that the response needs. */
export interface FlowRequest extends SignInRequest {
  readonly onHeld?: (returnPath: string) => void;
}

const inMemory: LimiterOf = (name, points) =>
  new RateLimiterMemory({ keyPrefix: name, points, duration: WINDOW_SECONDS });

/**
 * The sign-ins that this NocoBase handles by itself: for each authenticator the flow of `core/dingtalk`, with NocoBase's key, its
 * database for used states, and limits in this node's memory. Calls to DingTalk are limited for all of them together.
 */
export class Flows {
  private readonly http = ownCalls();
  private readonly states: UsedStates;
  private readonly refusedCodes = new RefusedCodes(randomUUID());
  /** No other process counts with it, so no other process has to know it. */
  private readonly secret = randomUUID();
  private readonly limiters = new Map<number, RateLimiter>();
  private readonly flows = new MadeForAuthenticators((authenticator: KnownAuthenticator) => this.make(authenticator));

  constructor(
    private readonly app: Application,
    table: UsedTickets,
  ) {
    this.states = new UsedStates(table);
  }

  /** Shared by authenticators with the same limit: an address has one quota for each limit. */
  limiterOf({ requestsPerMinute = REQUESTS_PER_MINUTE }: Partial<Settings>): RateLimiter {
    const known = this.limiters.get(requestsPerMinute);
    if (known !== undefined) return known;
    if (this.limiters.size >= MAX_FLOWS) this.limiters.clear();
    const made = new RateLimiter({ perAddress: requestsPerMinute, secret: this.secret }, inMemory);
    this.limiters.set(requestsPerMinute, made);
    return made;
  }

  /**
   * Kept while the settings are unchanged, together with the application's token.
   *
   * @throws MisconfiguredError if NocoBase's environment has an invalid DingTalk setting
   */
  of(authenticator: KnownAuthenticator): DingTalkFlow {
    return this.flows.get(authenticator.name, authenticator);
  }

  /**
   * The organization's records, for an administrator's request: subject to the same limits as sign-ins.
   *
   * @throws MisconfiguredError if NocoBase's environment has an invalid DingTalk setting
   */
  membersOf(authenticator: KnownAuthenticator): Members {
    const [, members] = this.partsOf(this.optionsOf(authenticator));
    return members;
  }

  private optionsOf(authenticator: KnownAuthenticator): DingTalkOptions {
    return applicationOf(this.app, authenticator, dingTalkEnvironment(process.env));
  }

  private partsOf(options: DingTalkOptions): ReturnType<typeof partsOf> {
    const warn = (line: string): void => this.app.log.warn(LOG.ofDingTalk(line).en);
    return partsOf({ http: this.http, tokens: unshared, warn }, options);
  }

  private make(authenticator: KnownAuthenticator): DingTalkFlow {
    const { settings } = authenticator;
    const options = this.optionsOf(authenticator);
    const dingtalk = new DingTalk(...this.partsOf(options), options);
    return new DingTalkFlow(options, this.transactions(settings), dingtalk, this.refusedCodes, {
      held: (request: FlowRequest, { returnPath }: SignInTransaction) => request.onHeld?.(returnPath),
    });
  }

  private transactions(settings: Settings): SignInTransactions {
    // `APP_AES_SECRET_KEY` is shared by all applications of a NocoBase; the derived key is valid for one of them only.
    const purpose = `${PURPOSE}/${this.app.name}`;
    const key = deriveKey(this.app.aesEncryptor.key, purpose).export().toString('base64url');
    return new SignInTransactions(
      this.states,
      { publicUrl: settings.nocobaseUrl, cookieSecrets: [key], transactionTtlSeconds: TRANSACTION_SECONDS },
      {
        home: homePageHere() as ReturnPath,
        // At the sub-app's path, or on its own domain; which of the two applies is checked again at the end of the sign-in.
        checked: (wanted) => returnPathOf(wanted, settings, this.app.name) ?? returnPathOf(wanted, settings, 'main'),
      },
    );
  }
}
