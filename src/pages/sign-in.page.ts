import { html } from './html.js';
import { layout, type Page } from './layout.js';
import type { Locale } from './locale.js';
import { MESSAGES } from './messages.js';

/** A way to sign in, as a button. */
export interface SignInButton {
  readonly href: string;
  /** Without one, DingTalk's name. */
  readonly title?: string | undefined;
  /** An image as a `data:` address. */
  readonly logo?: string | undefined;
}

export interface SignInPage {
  readonly buttons: readonly SignInButton[];
  readonly passwordUrl: string;
  /** What cannot be reached just now. */
  readonly trouble?: 'dingtalk' | 'nocobase' | undefined;
}

export function signInPage({ buttons, passwordUrl, trouble }: SignInPage, locale: Locale): Page {
  const messages = MESSAGES[locale];
  return layout(locale, {
    title: messages.signInTitle,
    icon: 'door',
    body: html`<p>${messages.signInText}</p>
${trouble === undefined ? undefined : html`<p class="notice" role="status">${messages.trouble[trouble]}</p>`}
<ul class="actions">
${buttons.map(
  ({ href, title, logo }) =>
    html`<li><a class="button primary" href="${href}">${logo === undefined ? undefined : html`<img src="${logo}" alt="" width="20" height="20">`}${messages.signInWith(title ?? messages.dingTalk)}</a></li>`,
)}
<li><a class="button" href="${passwordUrl}">${messages.password}</a></li>
</ul>`,
  });
}
