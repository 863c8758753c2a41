import { randomUUID } from 'node:crypto';
import { NetworkBuckets, SHARES_OF_NETWORKS } from './network-buckets.js';

const WINDOW_MS = 60_000;
/** For each minute and address; the networks around an IPv6 address have more. */
const LINES_OF_ADDRESS = 20;
/** For each minute and process. */
const LINES_TOGETHER = 300;

/** Lines not written within one minute. */
export interface WithheldLines {
  readonly withheld: number;
  /** Number of lines by error code. */
  readonly codes: Readonly<Record<string, number>>;
}

/**
 * Anyone can make a request fail, and a line for each would push everything else out of a log of limited size. So only
 * the first lines of an address and minute are written; the rest are counted.
 */
export class FailureLines {
  private readonly buckets = new NetworkBuckets(randomUUID());
  private readonly written = new Map<string, number>();
  private together = 0;
  private codes: Record<string, number> = {};
  private timer: NodeJS.Timeout | undefined;

  /** @param report writes one line about those not written, at the end of their minute */
  constructor(private readonly report: (lines: WithheldLines) => void) {}

  /** @param code of the error: one of ours, never request data */
  mayWrite(ip: string | undefined, code: string): boolean {
    this.timer ??= setTimeout(() => this.close(), WINDOW_MS).unref();
    const networks = this.buckets.of(ip).map((bucket, width) => ({
      key: `${width}:${bucket}`,
      limit: LINES_OF_ADDRESS * SHARES_OF_NETWORKS[width]!,
    }));
    const isFull = networks.some(({ key, limit }) => (this.written.get(key) ?? 0) >= limit);
    if (isFull || this.together >= LINES_TOGETHER) {
      this.codes[code] = (this.codes[code] ?? 0) + 1;
      return false;
    }
    for (const { key } of networks) this.written.set(key, (this.written.get(key) ?? 0) + 1);
    this.together += 1;
    return true;
  }

  private close(): void {
    const { codes } = this;
    this.timer = undefined;
    this.written.clear();
    this.together = 0;
    this.codes = {};
    const withheld = Object.values(codes).reduce((sum, count) => sum + count, 0);
    if (withheld > 0) this.report({ withheld, codes });
  }
}
