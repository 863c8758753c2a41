import { Inject, Injectable, Logger } from '@nestjs/common';
import {
  AccountMatcher,
  AccountUpkeep,
  admit,
  type ExternalIdentity,
  type MatchedUser,
  ProfileKeeper,
  UserDirectory,
} from '../core/accounts/index.js';
import { type BrowserStorage, SessionHandOff, SessionIssuer } from '../nocobase-client/index.js';
import { step } from '../telemetry/index.js';
import { AUTH_OPTIONS, type AuthOptions } from './auth.options.js';
import { type Beginning, type SignedIn, SignInService } from './sign-in.service.js';
import type { SignInTransaction } from '../core/sign-in/index.js';

/**
 * Identity in, session out, for a NocoBase without the plugin: match, then issue. The rules are in `src/core/accounts`.
 */
@Injectable()
export class SessionSignIn extends SignInService {
  private readonly matcher: AccountMatcher;
  private readonly upkeep: AccountUpkeep;

  constructor(
    private readonly directory: UserDirectory,
    private readonly sessions: SessionIssuer,
    private readonly handOff: SessionHandOff,
    @Inject(AUTH_OPTIONS) private readonly options: AuthOptions,
  ) {
    super();
    const logger = new Logger('Profile');
    const accounts = new Logger('Accounts');
    this.matcher = new AccountMatcher(directory, options, (line) => accounts.log(line));
    this.upkeep = new AccountUpkeep(directory, new ProfileKeeper(directory, options, (line) => logger.warn(line)));
  }

  override begin(): Beginning {
    return { where: 'here' };
  }

  override async signIn(identity: ExternalIdentity, transaction: SignInTransaction): Promise<SignedIn & MatchedUser> {
    admit(identity, this.options.policy);
    const user = await step('match', () => this.matcher.match(transaction.authenticator, identity));
    const [session] = await step('issue', () =>
      Promise.all([this.sessions.issueFor(user.userId), this.upkeep.lookAfter(user, identity)]),
    );
    return { ...user, handOff: this.handOff.to(transaction.returnPath, session) };
  }

  override errorUrl(): undefined {
    return undefined;
  }

  override browserStorage(): BrowserStorage {
    return this.handOff.browserStorage();
  }

  override async check(): Promise<void> {
    await this.directory.check();
  }

  override async checkSession(): Promise<void> {
    await this.sessions.check();
  }
}
