import { html } from './html.js';
import { layout, type Page } from './layout.js';
import type { Locale } from './locale.js';
import { MESSAGES } from './messages.js';

/** A way to sign in, as a button. */
export interface SignInButton {
  readonly href: string;
}

export function signInPage(buttons: readonly SignInButton[], passwordUrl: string, locale: Locale): Page {
  const messages = MESSAGES[locale];
  return layout(locale, {
    title: messages.signInTitle,
    icon: 'door',
    body: html`<p>${messages.signInText}</p>
<ul class="actions">
${buttons.map(({ href }) => html`<li><a class="button primary" href="${href}">${messages.signInWith(messages.dingTalk)}</a></li>`)}
<li><a class="button" href="${passwordUrl}">${messages.password}</a></li>
</ul>`,
  });
}
