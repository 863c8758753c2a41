import { AsyncLocalStorage } from 'node:async_hooks';
import type { Span } from './tracing.js';

/** The parts of a sign-in that are measured. */
export type StepName = 'consume' | 'identify' | 'match' | 'issue';

/** Of `Telemetry`, what running work asks for. */
interface MeasuresSteps {
  step<T>(name: StepName, work: () => Promise<T>): Promise<T>;
}

/**
 * The work that runs at the moment, and who measures it. What it calls finds it here, so that nobody hands a span
 * through ten parameters; two applications in one process never see each other's.
 */
interface RunningWork {
  readonly telemetry: MeasuresSteps;
  readonly span: Span | undefined;
}

const running = new AsyncLocalStorage<RunningWork>();

export async function runAs<T>(work: RunningWork, run: () => Promise<T>): Promise<T> {
  return running.run(work, run);
}

/** The span that new work of this telemetry belongs under. */
export function spanFor(telemetry: MeasuresSteps): Span | undefined {
  const now = running.getStore();
  return now?.telemetry === telemetry ? now.span : undefined;
}

/** For log lines: the trace that the work at hand is part of. */
export function traceId(): string | undefined {
  return running.getStore()?.span?.traceId;
}

/** Runs one step of a sign-in: it gets a duration and a span where the sign-in has them, and is just run elsewhere. */
export async function step<T>(name: StepName, work: () => Promise<T>): Promise<T> {
  const now = running.getStore();
  return now === undefined ? work() : now.telemetry.step(name, work);
}
