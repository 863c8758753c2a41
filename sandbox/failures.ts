import { OPERATIONS, type Operation } from './operations.js';

/** Answers that replace the real one; nothing is used up or issued. */
export const REPLACING_FAILURES = [
  'qps',
  'ip-not-whitelisted',
  'permission-denied',
  'invalid-token',
  'timeout-504',
  'busy',
  'html-ban',
  'ban-json',
  'gzip-bomb',
  'redirect',
  'drop',
] as const;

/** The request is handled, and its real answer is corrupted in transit. */
export const SPOILING_FAILURES = [
  'drop-after-burn',
  'truncated-json',
  'wrong-content-type',
  'proto-keys',
  'string-code',
  'huge-body',
] as const;

export type ReplacingFailure = (typeof REPLACING_FAILURES)[number];
export type SpoilingFailure = (typeof SPOILING_FAILURES)[number];

export type Failure =
  | ReplacingFailure
  | SpoilingFailure
  /** The real answer, delayed by this much. The request is handled immediately. */
  | { delayMs: number }
  /** The real answer, once this promise is settled. The request is handled immediately. */
  | { until: Promise<unknown> }
  /** The header at once, then the body in small pieces over this time. */
  | { slowBodyMs: number }
  /** An arbitrary answer in place of the real one; a string is sent unchanged, anything else as JSON. */
  | { status: number; body: unknown; contentType?: string | undefined };

interface Armed {
  failure: Failure;
  left: number;
}

/** Which operations currently fail, and how. */
export class Failures {
  readonly #armed = new Map<Operation, Armed>();

  /** Without `times` the failure stays until it is cleared. */
  set(operation: Operation, failure: Failure, { times = Infinity }: { times?: number | undefined } = {}): void {
    this.#armed.set(operation, { failure, left: times });
  }

  clear(operation?: Operation): void {
    if (operation === undefined) this.#armed.clear();
    else this.#armed.delete(operation);
  }

  /** The failure for this request, which counts as one use. */
  take(operation: string): Failure | undefined {
    const known = OPERATIONS.find((candidate) => candidate === operation);
    const armed = known && this.#armed.get(known);
    if (!known || !armed) return undefined;
    armed.left -= 1;
    if (armed.left <= 0) this.#armed.delete(known);
    return armed.failure;
  }

  /** For the control API; `left` is null while there is no limit. */
  list(): { operation: Operation; failure: Failure; left: number | null }[] {
    return [...this.#armed].map(([operation, { failure, left }]) => ({
      operation,
      failure,
      left: Number.isFinite(left) ? left : null,
    }));
  }
}

/** The name of a failure for the request log. */
export function failureName(failure: Failure): string {
  if (typeof failure === 'string') return failure;
  if ('delayMs' in failure || 'until' in failure) return 'delay';
  return 'slowBodyMs' in failure ? 'slow-body' : 'custom';
}
