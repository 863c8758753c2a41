import { createHash } from 'node:crypto';
import type { WatchParts } from './watch-parts.js';

const MARK = 'application';

/**
 * Since when the book belongs to the current application. An application belongs to one organization. If another Client
 * ID is entered, such as one of another organization, DingTalk knows none of the former members, yet can show
 * colleagues. So what the former application said about a person is no reason to believe the new one that they left.
 */
export class SameApplication {
  private isChecked = false;

  constructor(private readonly parts: Pick<WatchParts, 'book' | 'clock' | 'clientId'>) {}

  /**
   * Called before any question: everyone shown from now on is shown by this application.
   *
   * @throws what the book throws
   */
  async begin(): Promise<void> {
    if (!this.isChecked) await this.since();
  }

  /** In ms since 1970; 0: the application never changed. @throws what the book throws */
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
