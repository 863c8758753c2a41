import { html } from './html.js';
import { layout, type Page } from './layout.js';
import type { Locale } from './locale.js';
import { MESSAGES } from './messages.js';

/** Storage to write on NocoBase's origin, and where to go then. */
export interface HandOffPage {
  readonly location: string;
  /** Keys of `localStorage`; `null` removes a key. */
  readonly storage: Readonly<Record<string, string | null>>;
  /** The session that somebody else may have left in this browser, and how to end it. */
  readonly former: { readonly tokenKey: string; readonly signOutUrl: string; readonly app: string };
}

/**
 * The token stands in the page and in no address; `replace` keeps the page out of the browser's history. A session that
 * somebody else left here is ended at NocoBase; that it may fail, or take too long, keeps nobody out.
 */
const SCRIPT = `
const note = document.querySelector('p[data-hand-off]');
const { location: target, storage, former } = JSON.parse(note.dataset.handOff);
const person = (token) => { try { return JSON.parse(atob(token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/'))).userId; } catch { return undefined; } };
const go = () => location.replace(target);
const keep = () => {
  const left = localStorage.getItem(former.tokenKey);
  for (const [key, value] of Object.entries(storage)) {
    if (value === null) localStorage.removeItem(key); else localStorage.setItem(key, value);
  }
  return left;
};
try {
  const left = keep();
  if (left && person(left) !== person(storage[former.tokenKey])) {
    const headers = { authorization: 'Bearer ' + left, ...(former.app === 'main' ? {} : { 'x-app': former.app }) };
    fetch(former.signOutUrl, { method: 'POST', headers, signal: AbortSignal.timeout(2000) }).then(go, go);
  } else {
    go();
  }
} catch {
  note.textContent = note.dataset.blocked;
}
`;

export function handOffPage(handOff: HandOffPage, locale: Locale): Page {
  const messages = MESSAGES[locale];
  const { location, storage, former } = handOff;
  return layout(locale, {
    title: messages.handOffTitle,
    icon: 'done',
    busy: true,
    body: html`<p data-hand-off="${JSON.stringify({ location, storage, former })}" data-blocked="${messages.handOffBlocked}">${messages.handOffText}</p>
<noscript><p>${messages.handOffNoScript}</p></noscript>`,
    script: SCRIPT,
  });
}
