import { html } from './html.js';
import { layout, type Page } from './layout.js';
import type { Locale } from './locale.js';
import { MESSAGES } from './messages.js';

/** Storage to write on NocoBase's origin, and where to go then. */
export interface HandOffPage {
  readonly location: string;
  /** Keys of `localStorage`; `null` removes a key. */
  readonly storage: Readonly<Record<string, string | null>>;
}

/** The token stands in the page and in no address; `replace` keeps the page out of the browser's history. */
const SCRIPT = `
const { location: target, storage } = JSON.parse(document.querySelector('p[data-hand-off]').dataset.handOff);
for (const [key, value] of Object.entries(storage)) {
  if (value === null) localStorage.removeItem(key); else localStorage.setItem(key, value);
}
location.replace(target);
`;

export function handOffPage(handOff: HandOffPage, locale: Locale): Page {
  const messages = MESSAGES[locale];
  const { location, storage } = handOff;
  return layout(locale, {
    title: messages.handOffTitle,
    icon: 'done',
    busy: true,
    body: html`<p data-hand-off="${JSON.stringify({ location, storage })}">${messages.handOffText}</p>
<noscript><p>${messages.handOffNoScript}</p></noscript>`,
    script: SCRIPT,
  });
}
