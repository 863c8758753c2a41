import { inlineScript } from '../assets.js';
import { html } from './html.js';
import { layout, type Page } from './layout.js';
import type { Locale } from './locale.js';
import { MESSAGES } from './messages.js';

/** Storage to write on NocoBase's origin, and the address to open then. */
export interface HandOffPage {
  readonly location: string;
  /** Which of the browser's storages. */
  readonly place: string;
  /** Its keys; `null` removes a key. */
  readonly storage: Readonly<Record<string, string | null>>;
  /** The session that a former user may have left in this browser, and how to end it. */
  readonly former: { readonly tokenKey: string; readonly signOutUrl: string; readonly app: string };
}

/** Data for its script, `client/hand-off-page.ts`. The token is in the page and in no address. */
export function handOffPage(handOff: HandOffPage, locale: Locale): Page {
  const messages = MESSAGES[locale];
  const { location, place, storage, former } = handOff;
  return layout(locale, {
    title: messages.handOffTitle,
    icon: 'done',
    busy: true,
    body: html`<p data-hand-off="${JSON.stringify({ location, place, storage, former })}" data-blocked="${messages.handOffBlocked}">${messages.handOffText}</p>
<noscript><p>${messages.handOffNoScript}</p></noscript>`,
    script: inlineScript('hand-off-page'),
  });
}
