import type { GatewayError } from '../../core/errors/index.js';
import { html } from './html.js';
import { layout, type Page } from './layout.js';
import type { Locale } from './locale.js';
import { MESSAGES } from './messages.js';

export interface ErrorPageLinks {
  /** Starts a new sign-in. */
  readonly tryAgain: string;
  /** NocoBase's own sign-in page. */
  readonly password: string;
  readonly inDingTalk?: boolean;
}

/** One sentence that says who must do what, the code, and a request id. No text from elsewhere. */
export function errorPage(error: GatewayError, requestId: string, links: ErrorPageLinks, locale: Locale): Page {
  const messages = MESSAGES[locale];
  const { title, text } = messages.errors[error.code];
  return layout(locale, {
    title,
    icon: 'warning',
    inDingTalk: links.inDingTalk,
    body: html`<p>${text}</p>
<ul class="actions">
<li><a class="button primary" href="${links.tryAgain}">${messages.tryAgain}</a></li>
<li><a class="button" href="${links.password}">${messages.password}</a></li>
</ul>
<dl>
${error.setting === undefined ? undefined : html`<dt>${messages.setting}</dt><dd>${error.setting}</dd>`}
<dt>${messages.errorCode}</dt><dd>${error.code}</dd>
<dt>${messages.requestId}</dt><dd>${requestId}</dd>
</dl>`,
  });
}
