import type { ClientApp } from './client-app.js';

/** Per origin and tab; forgotten when the tab is closed. */
const KEY = 'dingtalk:signed-out';
const FRESH_MS = 60_000;

/** Remembers that this tab's user is signing out, before the client opens the sign-in page. */
export function noticeSignOut({ apiClient }: ClientApp): void {
  apiClient.axios.interceptors.request.use((config) => {
    if (/(?:^|\/)auth:signOut$/.test(config.url ?? '')) remember(String(Date.now()));
    return config;
  });
}

/** A person who has just signed out wants to stay signed out. */
export function hasJustSignedOut(): boolean {
  try {
    const age = Date.now() - Number(sessionStorage.getItem(KEY) ?? Number.NaN);
    return age >= 0 && age < FRESH_MS;
  } catch {
    return false;
  }
}

/** A person who presses the button wants to sign in again. */
export function forgetSignOut(): void {
  remember('');
}

function remember(value: string): void {
  try {
    sessionStorage.setItem(KEY, value);
  } catch {
    // Storage is blocked or full. Nothing redirects automatically then either: see the loop guard.
  }
}
