/**
 * Runs work sequentially. A request that arrives while it runs may be about a change that the running work has not
 * seen, so it runs once more afterwards, however many requests arrived.
 */
export class OneAtATime {
  private isRunning = false;
  private isAskedAgain = false;
  private stopped = false;

  /** @param work never rejects */
  constructor(private readonly work: () => Promise<void>) {}

  get isStopped(): boolean {
    return this.stopped;
  }

  readonly ask = (): void => {
    if (this.stopped) return;
    this.isAskedAgain = true;
    if (!this.isRunning) void this.run();
  };

  /** Starts no more work. Running work checks `isStopped` before it changes anything. */
  stop(): void {
    this.stopped = true;
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    try {
      while (this.isAskedAgain && !this.stopped) {
        this.isAskedAgain = false;
        await this.work();
      }
    } finally {
      this.isRunning = false;
    }
  }
}
