import { type Clock, type MemberAnswer, type Questions, StaleAppTokenError } from '../dingtalk/index.js';
import type { BoundPerson, Evidence, LeaverBook, Unclear } from '../leavers/index.js';
import { unclearOf } from './unclear-of.js';

/** The person and the colleague are asked about within this time. */
export const SAME_MINUTE_MS = 60_000;
/** As many colleagues are asked about, and as many administrators after them. */
const MAX_WITNESSES = 3;

export interface Testimony {
  readonly witness: Evidence['witness'];
  /** Where there is none. */
  readonly why: Extract<Unclear, 'no_witness' | 'no_answer'>;
  readonly goneToo: readonly string[];
}

/** Who is there while somebody is gone. */
export class Colleagues {
  private bookFailure: { readonly error: unknown } | undefined;

  constructor(
    private readonly book: Pick<LeaverBook, 'witnesses'>,
    private readonly person: BoundPerson,
    private readonly clock: Clock,
  ) {}

  /** What the book threw while DingTalk was asked says nothing of DingTalk. */
  throwIfBookFailed(): void {
    if (this.bookFailure !== undefined) throw this.bookFailure.error;
  }

  /** @throws StaleAppTokenError: then both are asked about again */
  async testify(questions: Questions, gone: { readonly userid: string; readonly askedAt: number }): Promise<Testimony> {
    const goneToo: string[] = [];
    let why: Testimony['why'] = 'no_witness';
    const known = (await this.ofBook()).filter(({ userid }) => userid !== gone.userid);
    for await (const { userid, unionId } of this.candidates(questions, known, gone.userid)) {
      const askedAt = this.clock.now();
      const answer = await answerAbout(questions, userid);
      if (this.clock.now() - gone.askedAt > SAME_MINUTE_MS) return { witness: undefined, why: 'no_answer', goneToo };
      if (answer === 'no_answer') why = 'no_answer';
      else if (answer?.code === 0 && isColleague(answer, unionId, this.person))
        return { witness: { userid, askedAt }, why, goneToo };
      else if (answer !== undefined && answer.code !== 0 && unionId !== undefined) goneToo.push(userid);
    }
    return { witness: undefined, why, goneToo };
  }

  private async *candidates(
    questions: Questions,
    known: readonly Candidate[],
    except: string,
  ): AsyncGenerator<Candidate> {
    yield* known.slice(0, MAX_WITNESSES);
    // Whatever the book knows, an organization has somebody who administers it. https://open.dingtalk.com/document/development/query-the-administrator-list
    const asked = new Set([except, ...known.map(({ userid }) => userid)]);
    const others = (await administrators(questions)).filter((userid) => !asked.has(userid));
    for (const userid of others.slice(0, MAX_WITNESSES)) yield { userid, unionId: undefined };
  }

  private async ofBook(): Promise<readonly Candidate[]> {
    const { unionId: except } = this.person;
    try {
      // One more, as the book may count the person.
      const found = await this.book.witnesses(except, MAX_WITNESSES + 1);
      return found.flatMap(({ userid, unionId }) =>
        userid === undefined || unionId === except ? [] : [{ userid, unionId }],
      );
    } catch (error) {
      this.bookFailure = { error };
      throw error;
    }
  }
}

interface Candidate {
  readonly userid: string;
  /** Undefined of an administrator whom the book does not know. */
  readonly unionId: string | undefined;
}

/** Whether the answer is about that colleague: neither about somebody who has their userid now, nor about the person. */
function isColleague(
  answer: Extract<MemberAnswer, { readonly code: 0 }>,
  unionId: string | undefined,
  person: BoundPerson,
): boolean {
  return answer.unionId !== person.unionId && (unionId === undefined || answer.unionId === unionId);
}

/** @returns undefined where it says nothing of them, such as that they are out of the scope */
async function answerAbout(questions: Questions, userid: string): Promise<MemberAnswer | 'no_answer' | undefined> {
  try {
    return await questions.member(userid);
  } catch (error) {
    if (error instanceof StaleAppTokenError) throw error;
    return unclearOf(error).why === 'no_answer' ? 'no_answer' : undefined;
  }
}

async function administrators(questions: Questions): Promise<readonly string[]> {
  try {
    return await questions.administrators();
  } catch (error) {
    if (error instanceof StaleAppTokenError) throw error;
    return [];
  }
}
