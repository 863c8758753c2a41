import { setTimeout as pause } from 'node:timers/promises';
import {
  AlreadyBoundError,
  AmbiguousBindingError,
  type Binding,
  nonEmptyString,
  numberIn,
  type Region,
  type UserDirectory,
} from '../../../../src/core/accounts/index.js';
import type { MemberIds, Members } from '../../../../src/core/dingtalk/index.js';
import { GatewayError, MisconfiguredError } from '../../../../src/core/errors/index.js';
import { SETTING } from '../../../../src/core/texts/of-details.js';
import { withTimeBudget } from '../../../../src/core/upstream/index.js';
import type { OldLink, OldLinks } from './old-links.js';
import type { Outcome } from './outcomes.js';
import { type OldUser, type Sides, sortAsked, sortUnasked } from './sorting.js';

const PAGE = 100;
/** Per request, which should be answered within half a minute. */
const MAX_PEOPLE = 500;
const WORKING_MS = 20_000;
/** For one person, retries included. */
const ASKING_MS = 8000;
/** DingTalk allows twenty calls a second, sign-ins included. One person costs two. */
const PACE_MS = 200;
/** No id of DingTalk's is longer; a longer stored value is unknown to it. */
const MAX_ID = 128;

/** A person whom the report names. */
export interface Sorted {
  readonly userId: number;
  readonly outcome: Outcome;
}

export interface Progress {
  readonly sorted: readonly Sorted[];
  /** The user to continue after; undefined if nobody is left. */
  readonly next: number | undefined;
  /** Why DingTalk could not be queried any more. */
  readonly stopped?: GatewayError;
}

export interface TakeOverParts {
  readonly old: OldLinks;
  readonly directory: UserDirectory;
  readonly members: Members;
  readonly sides: Sides;
  /** For numbers without a country code. */
  readonly home: Region;
  readonly dryRun: boolean;
}

/** Links people to the accounts that another plugin has linked them to, one batch at a time. Old links stay unchanged. */
export class TakeOver {
  private readonly sorted: Sorted[] = [];

  constructor(private readonly parts: TakeOverParts) {}

  /** @param after the last user of the previous batch; 0 for the first */
  async goOn(after: number): Promise<Progress> {
    const until = performance.now() + WORKING_MS;
    let next = after;
    for (;;) {
      const page = await this.parts.old.after(next, PAGE);
      for (const link of page) {
        if (this.sorted.length >= MAX_PEOPLE || performance.now() >= until) return { sorted: this.sorted, next };
        try {
          this.sorted.push({ userId: link.userId, outcome: await this.outcomeOf(link) });
        } catch (error) {
          if (!(error instanceof GatewayError)) throw error;
          return { sorted: this.sorted, next, stopped: error };
        }
        next = link.userId;
      }
      if (page.length < PAGE) return { sorted: this.sorted, next: undefined };
    }
  }

  private async outcomeOf(link: OldLink): Promise<Outcome> {
    const { directory, sides } = this.parts;
    const user = await this.userOf(link.userId);
    const unasked = sortUnasked(user, sides);
    if (unasked !== undefined) return unasked;
    const ids = await this.ask(link.uuid);
    if (ids === 'outOfScope') return ids;
    if (ids === undefined) return numberIn(link.uuid, this.parts.home) === undefined ? 'unknown' : 'number';
    const oldUsers = await this.parts.old.usersOf([ids.unionId, ids.userid, link.uuid]);
    const bindings = await this.bindingsOf(ids.unionId);
    if (bindings === 'several') return 'conflict';
    const outcome = sortAsked(user, { subject: ids.unionId, oldUsers, bindings }, sides);
    if (outcome === 'conflict' || this.parts.dryRun) return outcome;
    const { nickname } = link;
    const { organization } = sides;
    try {
      await directory.bind(user.id, { subject: nonEmptyString(ids.unionId), nickname, organization });
      return 'linked';
    } catch (error) {
      // They have signed in meanwhile.
      if (error instanceof AlreadyBoundError) return 'already';
      throw error;
    }
  }

  private async userOf(id: number): Promise<OldUser> {
    const { directory } = this.parts;
    const [found, { bindings }] = await Promise.all([directory.compare(id, new Map()), directory.bindingsOf(id)]);
    return { id, found, bindings };
  }

  private async ask(id: string): Promise<MemberIds | 'outOfScope' | undefined> {
    if (id === '' || id.length > MAX_ID) return undefined;
    try {
      const { members } = this.parts;
      const [ids] = await Promise.all([withTimeBudget(ASKING_MS, async () => members.knownBy(id)), pause(PACE_MS)]);
      return ids;
    } catch (error) {
      if (error instanceof MisconfiguredError && error.setting === SETTING.contactScope.en) return 'outOfScope';
      throw error;
    }
  }

  /** The bindings of a subject, at this authenticator and others. */
  private async bindingsOf(subject: string): Promise<readonly Binding[] | 'several'> {
    const { directory, sides } = this.parts;
    try {
      const { here, elsewhere } = await directory.findByBinding(nonEmptyString(subject));
      const { authenticator, organization } = sides;
      return here === undefined ? elsewhere : [{ userId: here, subject, authenticator, isOurs: true, organization }];
    } catch (error) {
      if (error instanceof AmbiguousBindingError) return 'several';
      throw error;
    }
  }
}
