import type { Application } from '@nocobase/server';
import {
  AccountMatcher,
  type AccountRules,
  AccountUpkeep,
  admit,
  type ExternalIdentity,
  fieldRules,
  type MatchedUser,
  type NewBinding,
  ProfileKeeper,
  type Region,
  type TakenOver,
} from '../../../src/core/accounts/index.js';
import type { DingTalkAuthenticator } from './authenticators.js';
import { MadeForAuthenticators } from './made-for-authenticators.js';
import { RepositoryUserDirectory } from './repository-user-directory.js';
import { registersByAccident } from '../../../src/core/settings/index.js';
import { AccountLockedError } from './sign-in.errors.js';
import type { Leavers } from './leavers/books.js';
import { LOG } from './texts.js';
import { codeOf } from './why-no-answer.js';

/**
 * A locked user keeps their phone number: it may be reassigned, for example to their successor. Linked to the account, that person
 * would be refused all the same, and would then undo the lock by being in the organization.
 */
class DirectoryOfUnlocked extends RepositoryUserDirectory {
  constructor(
    app: Application,
    authenticator: string,
    home: Region,
    private readonly locked: Leavers['locked'],
  ) {
    super(app, authenticator, home);
  }

  override async takeOver(userId: number, binding: NewBinding): Promise<TakenOver> {
    if (await this.locked.isLocked(userId)) throw new AccountLockedError(userId);
    return super.takeOver(userId, binding);
  }
}

interface Desk {
  readonly rules: AccountRules;
  readonly matcher: AccountMatcher;
  readonly upkeep: AccountUpkeep;
}

/** Finds the account of a person: the gateway's own rules (`src/core/accounts`) over NocoBase's tables. */
export class Accounts {
  /** Kept, so that simultaneous sign-ins of one person are treated as one. */
  private readonly desks = new MadeForAuthenticators((authenticator: DingTalkAuthenticator) =>
    this.deskOf(authenticator),
  );

  constructor(
    private readonly app: Application,
    private readonly leavers: Leavers,
  ) {}

  /** @throws what `AccountMatcher.match` throws, OrganizationNotAllowedError, AccountLockedError, LocksUnreadableError */
  async signIn(authenticator: DingTalkAuthenticator, identity: ExternalIdentity): Promise<MatchedUser> {
    const { rules, matcher, upkeep } = this.desks.get(authenticator.name, authenticator);
    admit(identity, rules.policy);
    const user = await matcher.match(authenticator.name, identity);
    if (await this.leavers.locked.isLocked(user.userId)) {
      await this.tell(async () => this.leavers.of(authenticator.name).cameBack(user.userId));
      throw new AccountLockedError(user.userId);
    }
    await upkeep.lookAfter(user, identity);
    await this.tell(async () => this.leavers.signedIn(authenticator.name, user.userId, identity));
    return user;
  }

  /** The leaver watch is notified; the nightly check catches whatever it misses. */
  private async tell(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.app.log.warn(LOG.leaver.en, {
        event: 'dingtalk_leaver',
        what: 'failed',
        step: 'sign_in',
        why: codeOf(error),
      });
    }
  }

  private deskOf({ name, settings }: DingTalkAuthenticator): Desk {
    const directory = new DirectoryOfUnlocked(this.app, name, settings.defaultRegion, this.leavers.locked);
    const rules: AccountRules = {
      policy: {
        allowedOrganizations: settings.corpIds,
        match: settings.match,
        severalBindings: settings.severalBindings,
        protectedRoles: settings.protectedRoles,
        // Checked as on saving: a record written without going through NocoBase must not grant access.
        autoSignUp: settings.autoSignUp && !registersByAccident(settings),
        signUpWithoutPhone: settings.signUpWithoutPhone,
        defaultRoles: settings.defaultRoles,
      },
      fields: fieldRules(settings.fields),
    };
    const warn = (line: object): void => this.app.log.warn(LOG.fieldsLeft.en, line);
    const audit = (line: object): void => this.app.log.info(LOG.accountLinked.en, line);
    return {
      rules,
      matcher: new AccountMatcher(directory, rules, audit),
      upkeep: new AccountUpkeep(directory, new ProfileKeeper(directory, rules, warn)),
    };
  }
}
