import { setTimeout as delay } from 'node:timers/promises';

/** A clock that tests can replace. */
export interface Clock {
  /** In ms since 1970. */
  now(): number;
  /**
   * @param idle whether the process may exit while waiting, because nothing depends on what follows
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
