import type { ClientApp } from './client-app.js';

/** Of this origin and this tab; a tab that is closed forgets. */
const KEY = 'dingtalk:signed-out';
const FRESH_MS = 60_000;

/** Remembers that the person of this tab signs out, before the client takes them to the sign-in page. */
export function noticeSignOut({ apiClient }: ClientApp): void {
  apiClient.axios.interceptors.request.use((config) => {
    if (/(?:^|\/)auth:signOut$/.test(config.url ?? '')) remember(String(Date.now()));
    return config;
  });
}

/** Who has just signed out wants to stay out. */
export function hasJustSignedOut(): boolean {
  try {
    const age = Date.now() - Number(sessionStorage.getItem(KEY) ?? Number.NaN);
    return age >= 0 && age < FRESH_MS;
  } catch {
    return false;
  }
}

/** A person who presses the button wants in again. */
export function forgetSignOut(): void {
  remember('');
}

function remember(value: string): void {
  try {
    sessionStorage.setItem(KEY, value);
  } catch {
    // Blocked, or full: then nothing goes anywhere by itself either, see the loop guard.
  }
}
