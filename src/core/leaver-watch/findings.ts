import type { BoundPerson, Conclusion, Finding, Origin, SeenPerson } from '../leavers/index.js';
import type { WatchParts } from './watch-parts.js';

/** Writes findings to the book. */
export class Findings {
  constructor(private readonly parts: Pick<WatchParts, 'book' | 'corpId' | 'observer'>) {}

  /** @returns the conclusion about a person who has left */
  async write(person: BoundPerson, finding: Finding, origin: Origin): Promise<Conclusion | undefined> {
    const { book, observer } = this.parts;
    if (finding.kind === 'left') {
      const conclusion = await book.left(person, finding.evidence, origin);
      observer?.concluded?.(person, conclusion, origin, finding.evidence);
      return conclusion;
    }
    if (finding.kind === 'here') {
      await this.writeSeen([this.seen(person, finding)]);
    } else {
      await book.unclear(person, finding.why, origin, finding.detail);
      observer?.unclear?.(person, finding.why, origin);
    }
    return undefined;
  }

  async writeSeen(seen: readonly SeenPerson[]): Promise<void> {
    if (seen.length === 0) return;
    const returned = await this.parts.book.here(seen);
    if (returned.length > 0) this.parts.observer?.returned?.(returned);
  }

  seen({ bindingId, unionId }: BoundPerson, { userid, evidence }: Extract<Finding, { kind: 'here' }>): SeenPerson {
    return { bindingId, unionId, userid, corpId: this.parts.corpId, seenAt: evidence.askedAt };
  }
}
