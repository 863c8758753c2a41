import type { BoundPerson, Conclusion, Finding, Hint, Origin } from '../leavers/index.js';
import type { Findings } from './findings.js';
import type { Inquiry } from './inquiry.js';
import type { OneAtATime } from './one-at-a-time.js';
import type { Troubles } from './troubles.js';
import { concernsAll, unclearOf } from './unclear-of.js';
import type { WatchParts } from './watch-parts.js';

/** How long a response is awaited; after that the nightly check takes over. */
export const GIVE_UP_MS = 6 * 3_600_000;

/** What DingTalk said about one person, and the conclusion. */
export interface Checked {
  readonly person: BoundPerson;
  readonly finding: Finding;
  /** For a person who has left. */
  readonly conclusion: Conclusion | undefined;
}

/** Asks DingTalk about the people in a hint. */
export class HintWork {
  constructor(
    private readonly parts: Pick<WatchParts, 'book' | 'directory' | 'clock'>,
    private readonly inquiry: Inquiry,
    private readonly findings: Findings,
    private readonly persons: OneAtATime,
    private readonly troubles: Troubles,
    /** For colleagues who turned out to be gone. */
    private readonly hintAt: (userids: readonly string[], origin: Origin) => Promise<void>,
  ) {}

  /** @returns whether it is done; otherwise it must be retried. @throws what the book throws: retry as well */
  async isDone(hint: Hint): Promise<boolean> {
    const isLast = this.parts.clock.now() - hint.at >= GIVE_UP_MS;
    if (hint.kind === 'joined') return this.joined(hint, isLast);
    const people = await this.peopleOf(hint);
    const news = hint.origin === 'record' ? people.filter((person) => !isLockedForLeaving(person)) : people;
    const checked = await this.all(news, hint.origin, isLast);
    return isLast || checked.every(({ finding }) => isAnswered(finding));
  }

  /** @param isLast whether to report that DingTalk did not respond: otherwise it is retried */
  async all(people: readonly BoundPerson[], origin: Origin, isLast: boolean): Promise<readonly Checked[]> {
    const checked: Checked[] = [];
    for (const person of people) checked.push(await this.one(person, origin, isLast));
    return checked;
  }

  private async one(person: BoundPerson, origin: Origin, isLast: boolean): Promise<Checked> {
    return this.persons.run(person.unionId, async () => {
      const { finding, goneToo } = await this.inquiry.about(person, 'now');
      await this.tellTrouble(finding);
      const isWritten = isLast || isAnswered(finding);
      const conclusion = isWritten ? await this.findings.write(person, finding, origin) : undefined;
      if (goneToo.length > 0) await this.hintAt(goneToo, origin);
      return { person, finding, conclusion };
    });
  }

  private async peopleOf({ userid, userId }: Hint): Promise<readonly BoundPerson[]> {
    if (userId !== undefined) return this.parts.book.byUser(userId);
    return userid === undefined ? [] : this.parts.book.byUserid(userid);
  }

  /** A person who joins may have been here before. The unionId identifies them, the userid does not. */
  private async joined({ userid }: Hint, isLast: boolean): Promise<boolean> {
    if (userid === undefined) return true;
    const { book, directory } = this.parts;
    const answer = await directory
      .ask('now', (questions) => questions.member(userid))
      .catch((error: unknown) => ({ code: 'unclear', ...unclearOf(error) }) as const);
    // Gone again, or not visible: nothing changes.
    if (answer.code === 'unclear') return isLast || answer.why !== 'no_answer';
    if (answer.code !== 0) return true;
    const people = await book.byUnionId(answer.unionId);
    // Asked once more, in sequence with other work on the same person.
    const checked = await this.all(
      people.map((person) => ({ ...person, userid })),
      'event',
      isLast,
    );
    return isLast || checked.every(({ finding }) => isAnswered(finding));
  }

  private async tellTrouble(finding: Finding): Promise<void> {
    if (finding.kind !== 'unclear') await this.troubles.answers('members');
    else if (concernsAll(finding.why)) await this.troubles.tell('members', finding);
  }
}

/** The record of a leaving that was already processed adds nothing. */
function isLockedForLeaving({ hasLeft, lock }: BoundPerson): boolean {
  return hasLeft && lock !== 'none';
}

/** Every finding except silence is an answer. */
function isAnswered(finding: Finding): boolean {
  return finding.kind !== 'unclear' || finding.why !== 'no_answer';
}
