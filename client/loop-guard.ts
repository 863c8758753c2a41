import { parseJson } from './foreign.js';

/** Of this origin and this tab; a tab that is closed forgets. */
const KEY = 'gateway:silent-sign-ins';
const WINDOW_MS = 60_000;
const MOST = 3;

/**
 * NocoBase may send a person whom it does not let in straight back to the sign-in, which inside DingTalk would sign them in
 * silently again. Three times within a minute, then somebody has to press a button.
 */
export const loopGuard = {
  /** `unknown`: the browser lets us store nothing, so nothing can be counted. */
  look(): 'free' | 'looping' | 'unknown' {
    try {
      return recent(sessionStorage).length < MOST ? 'free' : 'looping';
    } catch {
      return 'unknown';
    }
  },

  count(): void {
    attempt((storage) => storage.setItem(KEY, JSON.stringify([...recent(storage), Date.now()])));
  },

  /** A person who presses "try again" is no loop. */
  forget(): void {
    attempt((storage) => storage.removeItem(KEY));
  },
};

function recent(storage: Storage): number[] {
  const now = Date.now();
  const times = parseJson(storage.getItem(KEY) ?? undefined);
  if (!Array.isArray(times)) return [];
  return times.filter((time): time is number => typeof time === 'number' && time <= now && now - time < WINDOW_MS);
}

function attempt(change: (storage: Storage) => void): void {
  try {
    change(sessionStorage);
  } catch {
    // Blocked, or full: `look` says so the next time.
  }
}
