import { Inject, Injectable, Optional } from '@nestjs/common';
import { OneTimeStore, SignInTransactions, type TransactionOptions } from '../core/sign-in/index.js';
import { Telemetry } from '../telemetry/index.js';
import { AUTH_OPTIONS } from './auth.options.js';
import { ReturnPaths } from './return-paths.js';

/** The sign-ins in progress at this gateway (`core/sign-in`). */
@Injectable()
export class SignInTransactionService extends SignInTransactions {
  constructor(
    used: OneTimeStore,
    @Inject(AUTH_OPTIONS) options: TransactionOptions,
    @Inject(ReturnPaths) returnPaths: Pick<ReturnPaths, 'home' | 'checked'>,
    @Optional() telemetry: Telemetry = Telemetry.off,
  ) {
    super(used, options, returnPaths, telemetry);
  }
}
