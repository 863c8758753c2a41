import type { WatchParts } from './watch-parts.js';

/** Work done by one replica, and taken over by another when that one is gone. */
export class Lease {
  private renewedAt = -Infinity;
  private renewing: Promise<boolean> | undefined;

  /** @param holdMs how long the lease outlives a killed replica; it is renewed after a quarter of that */
  constructor(
    private readonly parts: Pick<WatchParts, 'book' | 'clock'>,
    private readonly name: string,
    private readonly holdMs: number,
  ) {}

  async isOurs(): Promise<boolean> {
    if (this.parts.clock.now() - this.renewedAt < this.holdMs / 4) return true;
    this.renewing ??= this.renew().finally(() => (this.renewing = undefined));
    return this.renewing;
  }

  /** Ends the lease early, so that no replica waits for it. */
  async giveUp(): Promise<void> {
    if (this.renewedAt === -Infinity) return;
    this.renewedAt = -Infinity;
    await this.parts.book.lease(this.name, 1);
  }

  private async renew(): Promise<boolean> {
    const at = this.parts.clock.now();
    const isOurs = await this.parts.book.lease(this.name, this.holdMs);
    this.renewedAt = isOurs ? at : -Infinity;
    return isOurs;
  }
}
