import { Inject, Injectable, Optional } from '@nestjs/common';
import { SignInService, SignInTransactionService } from '../auth/index.js';
import { DingTalkFlow, type FlowObserver } from '../core/dingtalk/index.js';
import { RefusedCodes } from '../core/limits/index.js';
import { step } from '../telemetry/index.js';
import { requestContext } from '../web/index.js';
import { DINGTALK_OPTIONS, type DingTalkOptions, withCallbackUrl } from './dingtalk.options.js';
import { DingTalkService } from './dingtalk.service.js';

/**
 * One DingTalk application. `DingTalkStrategy` is its authorization code flow in a browser; inside DingTalk's client it
 * starts and ends on a page of ours.
 */
@Injectable()
export class DingTalkApplication extends DingTalkFlow {
  declare readonly options: DingTalkOptions & { readonly callbackUrl: string };

  constructor(
    @Inject(DINGTALK_OPTIONS) options: DingTalkOptions,
    transactions: SignInTransactionService,
    dingtalk: DingTalkService,
    refusedCodes: RefusedCodes,
    @Optional() signIn?: SignInService,
  ) {
    super(withCallbackUrl(options), transactions, dingtalk, refusedCodes, observer(signIn));
  }

  /** Rejects with the reason if DingTalk cannot be reached. */
  async check(): Promise<void> {
    return this.dingtalk.check();
  }
}

/**
 * Collects what an error page needs when a sign-in fails: the requested page, and the NocoBase that should show the
 * error.
 */
function observer(signIn: SignInService | undefined): FlowObserver {
  return {
    held: (request, { returnPath }) => {
      requestContext(request).returnPath = returnPath;
    },
    usedUp: (request, transaction) => {
      requestContext(request).errorUrl = (error) => signIn?.errorUrl(transaction, error);
    },
    step,
  };
}
