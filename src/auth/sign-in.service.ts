import { Inject, Injectable, Logger } from '@nestjs/common';
import {
  AccountMatcher,
  AccountUpkeep,
  admit,
  type ExternalIdentity,
  type MatchedUser,
  ProfileKeeper,
  UserDirectory,
} from '../accounts/index.js';
import { type BrowserHandOff, type BrowserStorage, SessionHandOff, SessionIssuer } from '../nocobase-client/index.js';
import { step } from '../telemetry/index.js';
import { AUTH_OPTIONS, type AuthOptions } from './auth.options.js';
import type { SignInTransaction } from './sign-in-transaction.js';

export interface SignedIn extends MatchedUser {
  readonly handOff: BrowserHandOff;
}

/** Identity in, session out: match, then issue. The rules stand in `accounts/`. */
@Injectable()
export class SignInService {
  private readonly matcher: AccountMatcher;
  private readonly upkeep: AccountUpkeep;

  constructor(
    private readonly directory: UserDirectory,
    private readonly sessions: SessionIssuer,
    private readonly handOff: SessionHandOff,
    @Inject(AUTH_OPTIONS) private readonly options: AuthOptions,
  ) {
    const logger = new Logger('Profile');
    this.matcher = new AccountMatcher(directory, options);
    this.upkeep = new AccountUpkeep(directory, new ProfileKeeper(directory, options, (line) => logger.warn(line)));
  }

  async signIn(identity: ExternalIdentity, transaction: SignInTransaction): Promise<SignedIn> {
    admit(identity, this.options.policy);
    const user = await step('match', () => this.matcher.match(transaction.authenticator, identity));
    const [session] = await step('issue', () =>
      Promise.all([this.sessions.issueFor(user.userId), this.upkeep.lookAfter(user, identity)]),
    );
    return { ...user, handOff: this.handOff.to(transaction.returnPath, session) };
  }

  /** For a page that gets the session as JSON and puts it where NocoBase's clients look. */
  browserStorage(): BrowserStorage {
    return this.handOff.browserStorage();
  }

  /** Rejects with the reason where NocoBase cannot be used. */
  async check(): Promise<void> {
    await this.directory.check();
  }
}
