import { scriptPath } from '../assets.js';
import { html } from './html.js';
import { layout, type Page } from './layout.js';
import type { Locale } from './locale.js';
import { MESSAGES } from './messages.js';

/**
 * The data of the page inside DingTalk's client. All of it is public except the state, which is for this browser only.
 */
export interface InAppPage {
  readonly state: string;
  readonly corpId: string;
  readonly clientId: string;
  /** Where the client's code is posted. */
  readonly postUrl: string;
  /** Where the sign-in continues if the client gives no code. */
  readonly browserUrl: string;
  /**
   * The names under which NocoBase's clients keep a session, and how one is ended; undefined if the page receives none.
   */
  readonly storage: object | undefined;
  readonly passwordUrl?: string | undefined;
}

/** Requests a code from the client, posts it, and follows the response: `client/in-app.ts`. */
export function inAppPage(page: InAppPage, locale: Locale): Page {
  const messages = MESSAGES[locale];
  const { asking } = messages.inApp;
  return layout(locale, {
    title: messages.inAppTitle,
    icon: 'door',
    busy: true,
    body: html`<div id="in-app" data-state="${page.state}" data-corp-id="${page.corpId}" data-client-id="${page.clientId}" data-post="${page.postUrl}" data-browser="${page.browserUrl}" data-storage="${JSON.stringify(page.storage ?? null)}" data-messages="${JSON.stringify(messages.inApp)}" data-stopped-title="${messages.inAppStopped}">
<p role="status" data-status>${asking}</p>
<ul class="actions" data-actions hidden>
<li><a class="button primary" href="" data-try-again>${messages.tryAgain}</a></li>
<li><a class="button" href="${page.browserUrl}">${messages.inBrowser}</a></li>
${page.passwordUrl === undefined ? undefined : html`<li><a class="button" href="${page.passwordUrl}">${messages.password}</a></li>`}
</ul>
<dl data-error hidden>
<dt>${messages.errorCode}</dt><dd data-error-code></dd>
<dt>${messages.requestId}</dt><dd data-request-id></dd>
</dl>
</div>
<noscript><p>${messages.handOffNoScript}</p><p><a class="button" href="${page.browserUrl}">${messages.inBrowser}</a></p></noscript>`,
    scriptPath: scriptPath('in-app'),
  });
}
