/** The progress of a nightly check, so that another process can resume it. */
export interface NightMark {
  readonly startedAt: number;
  /** First missing userids are learned; then everyone not seen since the start is asked about. */
  readonly phase: 'fill' | 'look';
  readonly done: number;
  /** `bindingId` of the last person done. */
  readonly after: string | undefined;
}

/** People seen after this moment count as unseen: a check interrupted for longer starts again. */
const TOO_OLD_MS = 20 * 3_600_000;

export function nightMarkAsText({ startedAt, phase, done, after }: NightMark): string {
  return [startedAt, phase, done, ...(after === undefined ? [] : [after])].join(' ');
}

/** @returns a new one if there is none, or none that is still valid */
export function nightMarkOf(text: string | undefined, now: number): NightMark {
  const [, startedAt, phase, done, , after] = /^(\d{1,15}) (fill|look) (\d{1,12})( (.+))?$/.exec(text ?? '') ?? [];
  const started = Number(startedAt);
  if (startedAt === undefined || started > now || now - started > TOO_OLD_MS) {
    return { startedAt: now, phase: 'fill', done: 0, after: undefined };
  }
  return { startedAt: started, phase: phase === 'look' ? 'look' : 'fill', done: Number(done), after };
}
