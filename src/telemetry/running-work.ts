import { AsyncLocalStorage } from 'node:async_hooks';
import type { Span } from './tracing.js';

/** The measured steps of a sign-in. */
export type StepName = 'consume' | 'identify' | 'match' | 'issue';

/** The part of `Telemetry` that running work needs. */
interface MeasuresSteps {
  step<T>(name: StepName, work: () => Promise<T>): Promise<T>;
}

/**
 * The work running at the moment, and its telemetry. Nested calls find it here, so spans need not be passed through
 * many parameters; two applications in one process never see each other's.
 */
interface RunningWork {
  readonly telemetry: MeasuresSteps;
  readonly span: Span | undefined;
}

const running = new AsyncLocalStorage<RunningWork>();

export async function runAs<T>(work: RunningWork, run: () => Promise<T>): Promise<T> {
  return running.run(work, run);
}

/** The parent span for new work of this telemetry. */
export function spanFor(telemetry: MeasuresSteps): Span | undefined {
  const now = running.getStore();
  return now?.telemetry === telemetry ? now.span : undefined;
}

/** For log lines: the trace of the current work. */
export function traceId(): string | undefined {
  return running.getStore()?.span?.traceId;
}

/** Runs one step of a sign-in: with a duration and a span if the sign-in has them, otherwise as it is. */
export async function step<T>(name: StepName, work: () => Promise<T>): Promise<T> {
  const now = running.getStore();
  return now === undefined ? work() : now.telemetry.step(name, work);
}
