/**
 * Runs one piece of work at a time. A request that comes while it runs may be about a change that the running work has
 * not seen, so the work runs once more afterwards, however many requests came.
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

  /** Nothing starts any more. Work that runs looks at `isStopped` before it changes anything. */
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
