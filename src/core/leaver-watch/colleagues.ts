import { type Clock, type MemberAnswer, type Questions, StaleAppTokenError } from '../dingtalk/index.js';
import type { BoundPerson, Evidence, LeaverBook, Unclear } from '../leavers/index.js';
import { unclearOf } from './unclear-of.js';

/** Maximum time between the calls about the person and about the colleague. */
export const SAME_MINUTE_MS = 60_000;
/** Maximum number of colleagues asked about, and of administrators after them. */
const MAX_WITNESSES = 3;
/** Chosen from this many: if a whole department leaves at once, the members seen last may all belong to it. */
const CANDIDATES = 20;

export interface Testimony {
  readonly witness: Evidence['witness'];
  /** If there is none. */
  readonly why: Extract<Unclear, 'no_witness' | 'no_answer'>;
  readonly goneToo: readonly string[];
}

/** Finds a colleague who is still a member while another person is gone. */
export class Colleagues {
  private bookFailure: { readonly error: unknown } | undefined;

  constructor(
    private readonly book: Pick<LeaverBook, 'witnesses'>,
    /** Members whom this process has seen recently; tried before those of the book. */
    private readonly lately: readonly Candidate[],
    private readonly person: BoundPerson,
    private readonly clock: Clock,
  ) {}

  /** A failure of the book during the calls says nothing about DingTalk. */
  throwIfBookFailed(): void {
    if (this.bookFailure !== undefined) throw this.bookFailure.error;
  }

  /** @throws StaleAppTokenError: then both are asked about again */
  async testify(questions: Questions, gone: { readonly userid: string; readonly askedAt: number }): Promise<Testimony> {
    const goneToo: string[] = [];
    let why: Testimony['why'] = 'no_witness';
    for await (const { userid, unionId } of this.candidates(questions, gone.userid)) {
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

  private async *candidates(questions: Questions, except: string): AsyncGenerator<Candidate> {
    const asked = new Set([except]);
    const first = this.lately.find(({ userid, unionId }) => userid !== except && unionId !== this.person.unionId);
    if (first !== undefined) {
      yield first;
      asked.add(first.userid);
    }
    const known = (await this.ofBook()).filter(({ userid }) => !asked.has(userid));
    yield* spread(known, MAX_WITNESSES);
    // Whatever the book contains, every organization has an administrator.
    // https://open.dingtalk.com/document/development/query-the-administrator-list
    const of = new Set(known.map(({ userid }) => userid));
    const others = (await administrators(questions)).filter((userid) => !asked.has(userid) && !of.has(userid));
    for (const userid of others.slice(0, MAX_WITNESSES)) yield { userid, unionId: undefined };
  }

  private async ofBook(): Promise<readonly Candidate[]> {
    const { unionId: except } = this.person;
    try {
      const found = await this.book.witnesses(except, CANDIDATES);
      return found.flatMap(({ userid, unionId, hasLeft }) =>
        userid === undefined || unionId === except || hasLeft ? [] : [{ userid, unionId }],
      );
    } catch (error) {
      this.bookFailure = { error };
      throw error;
    }
  }
}

interface Candidate {
  readonly userid: string;
  /** Undefined for an administrator who is not in the book. */
  readonly unionId: string | undefined;
}

/** `count` of them, evenly distributed from first to last. */
function spread<T>(all: readonly T[], count: number): readonly T[] {
  if (all.length <= count) return all;
  const step = (all.length - 1) / (count - 1);
  return Array.from({ length: count }, (_, index) => all[Math.round(index * step)]!);
}

/** Whether the response is about that colleague: neither about the userid's new owner, nor about the person. */
function isColleague(
  answer: Extract<MemberAnswer, { readonly code: 0 }>,
  unionId: string | undefined,
  person: BoundPerson,
): boolean {
  return answer.unionId !== person.unionId && (unionId === undefined || answer.unionId === unionId);
}

/** @returns undefined if it does not tell, for example because they are out of scope */
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
