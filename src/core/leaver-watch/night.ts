import type { Findings } from './findings.js';
import type { Inquiry } from './inquiry.js';
import { Lease } from './lease.js';
import { NightlyCheck, type CheckRequest, NOTHING } from './nightly-check.js';
import type { Troubles } from './troubles.js';
import type { NightOutcome, WatchParts } from './watch-parts.js';

const LEASE_MS = 120_000;

/** Checks everyone who is bound, for changes that no event reported. */
export class Night {
  constructor(
    private readonly parts: WatchParts,
    private readonly inquiry: Inquiry,
    private readonly findings: Findings,
    private readonly troubles: Troubles,
  ) {}

  /** @throws what the book throws; then the next run resumes from here */
  async run(request: CheckRequest = {}): Promise<NightOutcome> {
    const lease = new Lease(this.parts, 'night', LEASE_MS);
    if (!(await lease.isOurs())) return { end: 'elsewhere', counts: NOTHING };
    try {
      const check = new NightlyCheck(this.parts, this.inquiry, this.findings, lease, request);
      const outcome = await check.run();
      await this.tell(outcome);
      return outcome;
    } finally {
      await lease.giveUp().catch(() => undefined);
    }
  }

  private async tell({ end, why, detail }: NightOutcome): Promise<void> {
    if (why !== undefined) await this.troubles.tell('members', { why, detail });
    else if (end === 'done') await this.troubles.none('members');
  }
}
