import type { Application } from '@nocobase/server';
import {
  AccountMatcher,
  type AccountRules,
  AccountUpkeep,
  admit,
  type ExternalIdentity,
  fieldRules,
  type MatchedUser,
  ProfileKeeper,
} from '../../../src/core/accounts/index.js';
import type { DingTalkAuthenticator } from './authenticators.js';
import { RepositoryUserDirectory } from './repository-user-directory.js';
import { registersByAccident } from '../../../src/core/settings/index.js';
import { AccountLockedError } from './sign-in.errors.js';
import type { Leavers } from './leavers/books.js';
import { LOG } from './texts.js';
import { codeOf } from './why-no-answer.js';

interface Desk {
  readonly rules: AccountRules;
  readonly matcher: AccountMatcher;
  readonly upkeep: AccountUpkeep;
}

const MAX_DESKS = 100;

/** Whose account it is: the gateway's own rules (`src/core/accounts`), over NocoBase's own tables. */
export class Accounts {
  private readonly desks = new Map<string, { readonly made: string; readonly desk: Desk }>();

  constructor(
    private readonly app: Application,
    private readonly leavers: Leavers,
  ) {}

  /** @throws what `AccountMatcher.match` throws, OrganizationNotAllowedError, AccountLockedError, LocksUnreadableError */
  async signIn(authenticator: DingTalkAuthenticator, identity: ExternalIdentity): Promise<MatchedUser> {
    const { rules, matcher, upkeep } = this.deskOf(authenticator);
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

  /** Whoever looks for people who leave is told; the night finds out what was not. */
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

  /** Kept as long as the settings are the same, so that simultaneous sign-ins of one person are one. */
  private deskOf({ name, settings }: DingTalkAuthenticator): Desk {
    const made = JSON.stringify(settings);
    const known = this.desks.get(name);
    if (known?.made === made) return known.desk;
    const directory = new RepositoryUserDirectory(this.app, name, settings.defaultRegion);
    const rules: AccountRules = {
      policy: {
        allowedOrganizations: settings.corpIds,
        match: settings.match,
        severalBindings: settings.severalBindings,
        protectedRoles: settings.protectedRoles,
        // As on saving: a row that was written past NocoBase opens no door.
        autoSignUp: settings.autoSignUp && !registersByAccident(settings),
        signUpWithoutPhone: settings.signUpWithoutPhone,
        defaultRoles: settings.defaultRoles,
      },
      fields: fieldRules(settings.fields),
    };
    const warn = (line: object): void => this.app.log.warn(LOG.fieldsLeft.en, line);
    const audit = (line: object): void => this.app.log.info(LOG.accountLinked.en, line);
    const desk = {
      rules,
      matcher: new AccountMatcher(directory, rules, audit),
      upkeep: new AccountUpkeep(directory, new ProfileKeeper(directory, rules, warn)),
    };
    // Of authenticators that were renamed.
    if (this.desks.size >= MAX_DESKS) this.desks.clear();
    this.desks.set(name, { made, desk });
    return desk;
  }
}
