import { scriptPath } from '../assets.js';
import { type Html, html } from './html.js';
import { layout, type Page } from './layout.js';
import type { Locale } from './locale.js';
import type { PluginTrouble } from '../../core/errors/index.js';
import { MESSAGES } from './messages.js';

/** An authenticator, as a button. */
export interface SignInButton {
  readonly href: string;
  /** Default: DingTalk's name. */
  readonly title?: string | undefined;
  /** An image as a `data:` address. */
  readonly logo?: string | undefined;
}

export interface SignInPage {
  readonly buttons: readonly SignInButton[];
  readonly passwordUrl: string;
  /** The upstream that is unreachable at the moment. */
  readonly trouble?: 'dingtalk' | 'nocobase' | undefined;
  /** Why there is no button. */
  readonly setUp?: SetUpNotice | undefined;
  /** Inside DingTalk's client: where silent sign-in starts (`client/front-door.ts`). */
  readonly inAppUrl?: string | undefined;
  /** DingTalk's code to scan, on the page itself (`client/scan-widget.ts`). */
  readonly scan?: ScanWidget | undefined;
  /** For administrators: the plugin that NocoBase's plugin manager can fetch here. */
  readonly plugin?: PluginNotice | undefined;
  readonly inDingTalk?: boolean;
}

export interface PluginNotice {
  readonly version: string;
  readonly url: string;
  readonly sha256: string;
}

/** For an administrator who opens the page before gateway and NocoBase are connected. */
export interface SetUpNotice {
  readonly reason: PluginTrouble;
  /** As it must be entered in NocoBase's form. */
  readonly gatewayUrl: string;
}

export interface ScanWidget {
  /** DingTalk's own script. */
  readonly scriptUrl: string;
  /** The origin of DingTalk's consent page, which the script frames. */
  readonly loginOrigin: string;
  /** Of the authorization request. */
  readonly params: Readonly<Record<string, string>>;
}

export function signInPage(content: SignInPage, locale: Locale): Page {
  const { buttons, passwordUrl, trouble, setUp, inAppUrl, scan, plugin, inDingTalk } = content;
  const messages = MESSAGES[locale];
  return layout(locale, {
    title: messages.signInTitle,
    icon: 'door',
    inDingTalk,
    body: html`<p>${messages.signInText}</p>
${trouble === undefined ? undefined : html`<p class="notice" role="status">${messages.trouble[trouble]}</p>`}
${setUp === undefined ? undefined : html`<p class="notice" role="status">${messages.setUp[setUp.reason]}</p>`}
${inAppUrl === undefined ? undefined : html`<div id="front-door" data-in-app="${inAppUrl}" hidden></div>`}
${scan === undefined ? undefined : html`<div id="scan" data-script="${scan.scriptUrl}" data-login-origin="${scan.loginOrigin}" data-params="${JSON.stringify(scan.params)}"></div>`}
<ul class="actions">
${buttons.map(
  ({ href, title, logo }) =>
    html`<li><a class="button primary" href="${href}">${logo === undefined ? undefined : html`<img src="${logo}" alt="" width="20" height="20">`}${messages.signInWith(title ?? messages.dingTalk)}</a></li>`,
)}
<li><a class="button" href="${passwordUrl}">${messages.password}</a></li>
</ul>
${setUp === undefined ? undefined : html`<dl><dt>${messages.gatewayAddress}</dt><dd>${setUp.gatewayUrl}</dd></dl>`}
${plugin === undefined ? undefined : pluginNotice(plugin, setUp?.reason === 'plugin_missing', locale)}`,
    ...(inAppUrl !== undefined
      ? { scriptPath: scriptPath('front-door') }
      : scan !== undefined
        ? { scriptPath: scriptPath('scan-widget') }
        : {}),
  });
}

/** Collapsed, so that it does not distract people who just want to sign in. */
function pluginNotice({ version, url, sha256 }: PluginNotice, isWanted: boolean, locale: Locale): Html {
  const messages = MESSAGES[locale].plugin;
  return html`<details${isWanted ? html` open` : undefined}>
<summary>${messages.summary}</summary>
<p>${messages.warning}</p>
<dl><dt>${messages.version}</dt><dd>${version}</dd><dt>${messages.address}</dt><dd><a href="${url}">${url}</a></dd><dt>SHA-256</dt><dd>${sha256}</dd></dl>
</details>`;
}
