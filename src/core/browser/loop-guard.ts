import { parseJson } from './foreign.js';

const WINDOW_MS = 60_000;
const MOST = 3;

export interface LoopGuard {
  /** `unknown`: the browser blocks storage, so nothing can be counted. */
  look(): 'free' | 'looping' | 'unknown';
  count(): void;
  /** A person who presses "try again" is not in a loop. */
  forget(): void;
}

/**
 * NocoBase may send a person whom it refuses straight back to the sign-in, which inside DingTalk would silently sign
 * them in again. After three times within a minute, the person has to press a button.
 *
 * @param key for this origin and this tab; closing the tab resets it
 */
export function loopGuardUnder(key: string): LoopGuard {
  return {
    look() {
      try {
        return recent(key, sessionStorage).length < MOST ? 'free' : 'looping';
      } catch {
        return 'unknown';
      }
    },
    count() {
      attempt((storage) => storage.setItem(key, JSON.stringify([...recent(key, storage), Date.now()])));
    },
    forget() {
      attempt((storage) => storage.removeItem(key));
    },
  };
}

export const loopGuard = loopGuardUnder('gateway:silent-sign-ins');

function recent(key: string, storage: Storage): number[] {
  const now = Date.now();
  const times = parseJson(storage.getItem(key) ?? undefined);
  if (!Array.isArray(times)) return [];
  return times.filter((time): time is number => typeof time === 'number' && time <= now && now - time < WINDOW_MS);
}

function attempt(change: (storage: Storage) => void): void {
  try {
    change(sessionStorage);
  } catch {
    // Blocked, or full: `look` reports it next time.
  }
}
