/** Where a look at everybody has got to, so that the next process goes on from there. */
export interface NightMark {
  readonly startedAt: number;
  /** Userids that are missing are learned first; then everybody is asked about who was not seen since the start. */
  readonly phase: 'fill' | 'look';
  readonly done: number;
  /** `bindingId` of the last one. */
  readonly after: string | undefined;
}

/** Who is seen later than this counts as unseen: a look that was interrupted for so long begins anew. */
const TOO_OLD_MS = 20 * 3_600_000;

export function nightMarkAsText({ startedAt, phase, done, after }: NightMark): string {
  return [startedAt, phase, done, ...(after === undefined ? [] : [after])].join(' ');
}

/** @returns a new one where there is none, or none that still counts */
export function nightMarkOf(text: string | undefined, now: number): NightMark {
  const [, startedAt, phase, done, , after] = /^(\d{1,15}) (fill|look) (\d{1,12})( (.+))?$/.exec(text ?? '') ?? [];
  const started = Number(startedAt);
  if (startedAt === undefined || started > now || now - started > TOO_OLD_MS) {
    return { startedAt: now, phase: 'fill', done: 0, after: undefined };
  }
  return { startedAt: started, phase: phase === 'look' ? 'look' : 'fill', done: Number(done), after };
}
