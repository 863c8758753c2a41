import { createHash } from 'node:crypto';
import type { WatchParts } from './watch-parts.js';

const MARK = 'application';

/**
 * Since when the book is about the application that is asked now. An application belongs to one organization: after another Client ID
 * was entered, such as one of another organization, DingTalk knows nobody of the former one, and can show colleagues all the same.
 * What the former application said of somebody is no ground to believe the new one that they left.
 */
export class SameApplication {
  private isChecked = false;

  constructor(private readonly parts: Pick<WatchParts, 'book' | 'clock' | 'clientId'>) {}

  /** Before anybody is asked about: who is shown from now on is shown by this application. @throws what the book throws */
  async begin(): Promise<void> {
    if (!this.isChecked) await this.since();
  }

  /** In ms since 1970; 0: there has been no other. @throws what the book throws */
  async since(): Promise<number> {
    const { book, clock, clientId } = this.parts;
    if (clientId === undefined) return 0;
    const name = createHash('sha256').update(clientId).digest('base64url').slice(0, 22);
    const [known, since] = (await book.mark(MARK))?.split(' ') ?? [];
    const from = known === name ? Number(since) || 0 : known === undefined ? 0 : clock.now();
    if (known !== name) await book.setMark(MARK, `${name} ${from}`);
    this.isChecked = true;
    return from;
  }
}
