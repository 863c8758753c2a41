import type {
  Clock,
  Directory,
  EmployeeAnswer,
  GoneCode,
  MemberAnswer,
  Questions,
  Urgency,
} from '../dingtalk/index.js';
import type { BoundPerson, Evidence, Finding, LeaverBook } from '../leavers/index.js';
import { Colleagues, SAME_MINUTE_MS } from './colleagues.js';
import type { KnownRecords } from './known-records.js';
import type { SameApplication } from './same-application.js';
import { type Unknown, unclearOf } from './unclear-of.js';

export interface Inquired {
  readonly finding: Finding;
  /** Userids of intended witnesses who are gone themselves: to be checked. */
  readonly goneToo: readonly string[];
}

/** DingTalk's answer that a person is gone. */
interface Gone {
  readonly code: GoneCode;
  readonly userid: string;
  readonly askedAt: number;
  readonly requestId: string | undefined;
}

/** One of them may be the next person to be asked about. */
const REMEMBERED = 2;

/**
 * Determines what DingTalk says about one person. A person has left only if DingTalk says so explicitly, twice, and
 * shows a colleague in between, within the same minute and with the same access token. That rules out the application's
 * scope, and an answer that DingTalk gives for everyone.
 * https://open.dingtalk.com/document/development/query-user-details
 */
export class Inquiry {
  /** Recently seen members, likely to be available when a witness is needed. */
  private readonly lately: Seen[] = [];

  constructor(
    private readonly directory: Directory,
    private readonly book: Pick<LeaverBook, 'witnesses'>,
    private readonly records: KnownRecords,
    private readonly clock: Clock,
    private readonly application?: Pick<SameApplication, 'begin' | 'since'>,
  ) {}

  /** @throws what the book throws; failures of DingTalk are findings */
  async about(person: BoundPerson, urgency: Urgency): Promise<Inquired> {
    await this.application?.begin();
    const inquired = await this.asked(person, urgency);
    if (inquired.finding.kind !== 'left' || person.seenAt >= ((await this.application?.since()) ?? 0)) return inquired;
    return { ...inquired, finding: unclear({ why: 'never_known', detail: 'another_application' }) };
  }

  private async asked(person: BoundPerson, urgency: Urgency): Promise<Inquired> {
    const colleagues = new Colleagues(this.book, this.lately, person, this.clock);
    try {
      return await this.directory.ask(urgency, (questions) => this.inquire(questions, person, colleagues, urgency));
    } catch (error) {
      colleagues.throwIfBookFailed();
      return only(unclear(unclearOf(error)));
    }
  }

  /** Whether a person who left is back, in one call. @returns undefined if nothing has changed */
  async isBack({ unionId }: BoundPerson, urgency: Urgency): Promise<Finding | undefined> {
    await this.application?.begin();
    const askedAt = this.clock.now();
    try {
      const answer = await this.directory.ask(urgency, (questions) => questions.employee(unionId));
      return hereAs(answer, askedAt);
    } catch (error) {
      return unclear(unclearOf(error));
    }
  }

  private async inquire(
    questions: Questions,
    person: BoundPerson,
    colleagues: Colleagues,
    urgency: Urgency,
  ): Promise<Inquired> {
    const { userid, unionId } = person;
    if (userid === undefined) {
      return only((await this.byUnionId(questions, unionId)) ?? unclear({ why: 'never_known' }));
    }
    const askedAt = this.clock.now();
    const answer = await questions.member(userid);
    if (answer.code === 0 && answer.unionId === unionId) {
      this.remember({ userid, unionId });
      return only(here(answer.userid, answer.requestId, askedAt));
    }
    // They may have come back with another userid, or been assigned one: the unionId identifies them.
    const underAnother = await this.byUnionId(questions, unionId);
    if (answer.code === 0) return only(underAnother ?? unclear({ why: 'userid_of_another' }));
    if (underAnother === undefined) {
      return this.witnessed(questions, { userid, askedAt, ...answer }, colleagues, urgency);
    }
    // DingTalk's two answers contradict each other: its servers are not in sync yet.
    return only(underAnother.userid === userid ? unclear({ why: 'no_answer', detail: 'contradiction' }) : underAnother);
  }

  private remember(seen: Seen): void {
    const others = this.lately.filter(({ unionId }) => unionId !== seen.unionId);
    this.lately.splice(0, Infinity, seen, ...others.slice(0, REMEMBERED - 1));
  }

  private async byUnionId(questions: Questions, unionId: string): Promise<Here | undefined> {
    const askedAt = this.clock.now();
    return hereAs(await questions.employee(unionId), askedAt);
  }

  private async witnessed(
    questions: Questions,
    gone: Gone,
    colleagues: Colleagues,
    urgency: Urgency,
  ): Promise<Inquired> {
    const [{ witness, why, goneToo }, record] = await Promise.all([
      colleagues.testify(questions, gone),
      this.records.of(gone.userid, urgency),
    ]);
    if (witness === undefined) return { finding: unclear({ why }), goneToo };
    // Asked once more, with the colleague in between: an error in the first answer may be over by the second.
    const askedAt = this.clock.now();
    const again = await questions.member(gone.userid);
    const isSame = again.code !== 0 && this.clock.now() - gone.askedAt <= SAME_MINUTE_MS;
    if (!isSame) return { finding: unclear({ why: 'no_answer', detail: 'contradiction' }), goneToo };
    const evidence = { ...evidenceOf({ userid: gone.userid, askedAt, ...again }), witness, ...(record && { record }) };
    return { finding: { kind: 'left', evidence }, goneToo };
  }
}

interface Seen {
  readonly userid: string;
  readonly unionId: string;
}

type Here = Extract<Finding, { readonly kind: 'here' }>;

function only(finding: Finding): Inquired {
  return { finding, goneToo: [] };
}

function unclear({ why, detail }: Unknown): Finding {
  return { kind: 'unclear', why, ...(detail !== undefined && { detail }) };
}

function evidenceOf({
  code,
  userid,
  askedAt,
  requestId,
}: Omit<Gone, 'code'> & { readonly code: MemberAnswer['code'] }): Evidence {
  return { code, userid, askedAt, ...(requestId !== undefined && { requestId }) };
}

function here(userid: string, requestId: string | undefined, askedAt: number): Here {
  return { kind: 'here', userid, evidence: evidenceOf({ code: 0, userid, requestId, askedAt }) };
}

function hereAs(answer: EmployeeAnswer, askedAt: number): Here | undefined {
  return answer.code === 0 && answer.isEmployee ? here(answer.userid, answer.requestId, askedAt) : undefined;
}
