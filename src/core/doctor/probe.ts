import type { Text } from '../texts/index.js';

/** `attention`: could not be checked from here, or needs attention but does not break sign-ins. */
export type Status = 'ok' | 'failed' | 'attention' | 'skipped';

export interface Finding {
  readonly status: Status;
  readonly detail: Text;
  /** What to do, and where to click. */
  readonly fix?: Text;
}

/** One check of the doctor. It changes nothing anywhere. */
export interface Probe<Context> {
  /** Stable, for machines. */
  readonly id: string;
  readonly title: Text;
  /** Earlier probes without which this one is meaningless. */
  readonly needs?: readonly string[];
  /** Whether the configuration needs this check. Default: yes. */
  readonly applies?: (context: Context) => boolean;
  /** Default: 15 s. */
  readonly limitMs?: number;
  readonly run: (context: Context) => Promise<Finding>;
}

export interface Result extends Finding {
  readonly id: string;
  readonly title: Text;
}

export const ok = (detail: Text): Finding => ({ status: 'ok', detail });
export const failed = (detail: Text, fix: Text): Finding => ({ status: 'failed', detail, fix });
export const attention = (detail: Text, fix: Text): Finding => ({ status: 'attention', detail, fix });
export const skipped = (detail: Text): Finding => ({ status: 'skipped', detail });
