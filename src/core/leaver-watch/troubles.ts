import type { WatchState } from '../leavers/index.js';
import type { Unknown } from './unclear-of.js';
import type { WatchParts } from './watch-parts.js';

type Trouble = NonNullable<WatchState['trouble']>;

/** Problems of the watch itself, reported when they change and not at each attempt. */
export class Troubles {
  private readonly told = new Map<Trouble['what'], { readonly key: string; readonly why: Trouble['why'] }>();

  constructor(private readonly parts: Pick<WatchParts, 'book' | 'observer'>) {}

  async tell(what: Trouble['what'], { why, detail }: Unknown): Promise<void> {
    // The rest of the detail varies: request ids, numbers.
    const key = `${why} ${/^[\w.]+/.exec(detail ?? '')?.[0] ?? ''}`;
    await this.say({ what, why, ...(detail !== undefined && { detail }) }, key);
  }

  /** DingTalk answered. That does not resolve problems that a complete check reported. */
  async answers(what: Trouble['what']): Promise<void> {
    if (this.told.get(what)?.why !== 'out_of_scope') await this.none(what);
  }

  async none(what: Trouble['what']): Promise<void> {
    await this.say({ what, why: 'none' }, 'none');
  }

  private async say(trouble: Trouble, key: string): Promise<void> {
    const { what, why } = trouble;
    if (this.told.get(what)?.key === key) return;
    this.told.set(what, { key, why });
    try {
      await this.parts.book.state({ trouble });
    } catch (error) {
      this.told.delete(what);
      this.parts.observer?.failed?.('state', error);
    }
  }
}
