import { z } from 'zod';
import { bindingMeta } from '../../core/plugin-protocol/index.js';
import { type Text, TextError } from '../../core/texts/index.js';
import { nonEmptyString } from '../../core/accounts/index.js';
import { NocoBaseFilter } from '../../nocobase-client/index.js';
import type { NocoBaseAdmin } from './nocobase-admin.js';
import { TEXTS } from './texts.js';

/** A record of `usersAuthenticators`: this subject of the provider signs in as this user. */
export interface Binding {
  readonly subject: string;
  readonly userId: number;
  /** ISO 8601. */
  readonly createdAt: string | undefined;
}

export type BindOutcome =
  | { readonly status: 'ok' | 'already' }
  /** The existing binding of the subject or of the user. */
  | { readonly status: 'conflict'; readonly detail: Text };

/** NocoBase would create a binding for an authenticator that does not exist. */
export class AuthenticatorMissingError extends TextError {}

const anything = z.unknown();
const row = z
  .object({
    uuid: z.string(),
    userId: z.int().positive(),
    authenticator: z.string(),
    createdAt: z.string().nullish(),
  })
  .transform(({ uuid, userId, authenticator, createdAt }) => ({
    subject: uuid,
    userId,
    authenticator,
    createdAt: createdAt ?? undefined,
  }));

/**
 * The bindings of one authenticator, as written by an administrator. `uuid` is not unique in NocoBase, so it is checked
 * before and after writing, and a duplicate is removed again.
 */
export class Bindings {
  /** What a dry run would have written, so that it detects conflicts within its own work. */
  private readonly planned: Binding[] = [];

  private constructor(
    private readonly admin: NocoBaseAdmin,
    private readonly authenticator: string,
    private readonly dryRun: boolean,
  ) {}

  /** @throws AuthenticatorMissingError */
  static async of(admin: NocoBaseAdmin, authenticator: string, { dryRun = false } = {}): Promise<Bindings> {
    if ((await admin.find('authenticators', 'name', authenticator, anything)) === undefined) {
      throw new AuthenticatorMissingError(TEXTS.noAuthenticator(authenticator));
    }
    return new Bindings(admin, authenticator, dryRun);
  }

  async all(): Promise<Binding[]> {
    return this.list();
  }

  async ofSubject(subject: string): Promise<Binding[]> {
    return (await this.list(equals('uuid', subject))).filter((binding) => binding.subject === subject);
  }

  async bind(userId: number, subject: string, nickname: string): Promise<BindOutcome> {
    const [ofSubject, ofUser] = await Promise.all([this.ofSubject(subject), this.ofUser(userId)]);
    const others = ofSubject.filter((binding) => binding.userId !== userId);
    if (others.length > 0) return boundElsewhere(others);
    if (ofUser.some((binding) => binding.subject !== subject)) {
      return { status: 'conflict', detail: TEXTS.otherUnionId(userId) };
    }
    if (ofSubject.length > 0) return { status: 'already' };
    if (this.dryRun) {
      this.planned.push({ subject, userId, createdAt: undefined });
      return { status: 'ok' };
    }
    // It is not known yet which organization the person will sign in with.
    const meta = bindingMeta(undefined);
    const values = { authenticator: this.authenticator, userId, uuid: subject, nickname, meta };
    await this.admin.write('usersAuthenticators:create', values, anything);
    return this.confirm(userId, subject);
  }

  /** Removes exactly this record. @returns whether it is gone */
  async unbind({ subject, userId }: Binding): Promise<boolean> {
    if (this.dryRun) return true;
    const row = NocoBaseFilter.and(this.ofAuthenticator, equals('uuid', subject), equals('userId', userId));
    await this.admin.destroy('usersAuthenticators', row);
    return !(await this.ofSubject(subject)).some((binding) => binding.userId === userId);
  }

  /** At the same moment another request may have signed in, or bound the same subject. */
  private async confirm(userId: number, subject: string): Promise<BindOutcome> {
    const now = await this.ofSubject(subject);
    const others = now.filter((binding) => binding.userId !== userId);
    const own = now.find((binding) => binding.userId === userId);
    if (own !== undefined && others.length === 0) return { status: 'ok' };
    if (own !== undefined) await this.unbind(own);
    return others.length > 0 ? boundElsewhere(others) : { status: 'conflict', detail: TEXTS.notThere };
  }

  private async ofUser(userId: number): Promise<Binding[]> {
    return (await this.list(equals('userId', userId))).filter((binding) => binding.userId === userId);
  }

  private get ofAuthenticator(): NocoBaseFilter {
    return equals('authenticator', this.authenticator);
  }

  private async list(more?: NocoBaseFilter): Promise<Binding[]> {
    const filter = more === undefined ? this.ofAuthenticator : NocoBaseFilter.and(this.ofAuthenticator, more);
    const rows = await this.admin.list('usersAuthenticators', filter, row);
    return [...rows.filter(({ authenticator }) => authenticator === this.authenticator), ...this.planned];
  }
}

function equals(field: string, value: string | number): NocoBaseFilter {
  return NocoBaseFilter.equals(field, nonEmptyString(String(value)));
}

function boundElsewhere(others: readonly Binding[]): BindOutcome {
  return { status: 'conflict', detail: TEXTS.boundTo(others.map(({ userId }) => userId).join(', ')) };
}
