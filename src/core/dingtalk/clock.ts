import { setTimeout as delay } from 'node:timers/promises';

/** Time, so that a test need not wait for it. */
export interface Clock {
  /** In ms since 1970. */
  now(): number;
  /**
   * @param idle whether the process may end meanwhile: nobody waits for what comes then
   * @throws the signal's reason when it is aborted
   */
  wait(milliseconds: number, signal?: AbortSignal, idle?: boolean): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  wait: async (milliseconds, signal, idle = false) => {
    await delay(milliseconds, undefined, { ref: !idle, ...(signal && { signal }) });
  },
};
