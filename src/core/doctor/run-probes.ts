import { errorCode } from './error-code.js';
import { failed, type Finding, type Probe, type Result, skipped } from './probe.js';
import { ANY } from './texts/report.js';

const LIMIT_MS = 15_000;

/**
 * Runs independent probes concurrently, and dependent ones after those that they need. Results are in the order of the
 * list.
 *
 * @param withinMs time budget for all of them: a probe that has not answered by then has no result
 */
export async function runProbes<Context>(
  probes: readonly Probe<Context>[],
  context: Context,
  withinMs = Infinity,
): Promise<Result[]> {
  const endsAt = Date.now() + withinMs;
  const running = new Map<string, Promise<Result>>();
  for (const probe of probes.filter(({ applies }) => applies?.(context) ?? true)) {
    const needed = (probe.needs ?? []).flatMap((id) => running.get(id) ?? []);
    running.set(probe.id, examine(probe, context, needed, endsAt));
  }
  return Promise.all(running.values());
}

async function examine<Context>(
  probe: Probe<Context>,
  context: Context,
  needed: readonly Promise<Result>[],
  endsAt: number,
): Promise<Result> {
  const { id, title } = probe;
  const before = (await Promise.all(needed)).find(({ status }) => status === 'failed' || status === 'skipped');
  if (before !== undefined) {
    const reason = ANY.notTested(before.title);
    return { id, title, ...skipped(reason) };
  }
  return { id, title, ...(await inTime(probe, context, endsAt)) };
}

async function inTime<Context>(
  { run, limitMs = LIMIT_MS }: Probe<Context>,
  context: Context,
  endsAt: number,
): Promise<Finding> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<Finding>((resolve) => {
    timer = setTimeout(() => resolve(noAnswer('ETIMEDOUT')), Math.min(limitMs, endsAt - Date.now()));
  });
  return Promise.race([run(context).catch(unanswered), timeUp]).finally(() => clearTimeout(timer));
}

function unanswered(error: unknown): Finding {
  return noAnswer(errorCode(error));
}

/** An unexpected failure of a probe: only its code, because the message may contain anything. */
function noAnswer(code: string): Finding {
  return failed(ANY.noAnswer(code), ANY.lookAtNetwork);
}
