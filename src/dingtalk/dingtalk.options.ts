import { configurableModule } from '../config/index.js';
import type { DingTalkOptions as ApplicationOptions } from '../core/dingtalk/index.js';

/** One application of DingTalk's developer console, and how the gateway presents it. */
export interface DingTalkOptions extends Omit<ApplicationOptions, 'callbackUrl'> {
  /** The gateway's address as browsers see it. */
  readonly publicUrl: string;
  /** Where DingTalk redirects people, if that is not the gateway's own route. */
  readonly callbackUrl?: string;
  /** On the button of the sign-in page; default: DingTalk's name. */
  readonly title?: { readonly en: string; readonly zh: string };
  /** An image for that button, as a `data:` address. */
  readonly logo?: string;
  /** DingTalk's script that shows a code to scan on the sign-in page; default: only the button. */
  readonly scanScriptUrl?: string;
  /** NocoBase's password sign-in, offered if this authenticator fails. Default: that of the pages. */
  readonly passwordUrl?: string;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: DINGTALK_OPTIONS } =
  configurableModule<DingTalkOptions>('DingTalkAuthenticator');

/** The address to register in the developer console (Security settings, Redirect URL). */
export function redirectUri({
  publicUrl,
  authenticator,
  callbackUrl = `${publicUrl}/auth/dingtalk/${authenticator}/callback`,
}: Pick<DingTalkOptions, 'publicUrl' | 'authenticator' | 'callbackUrl'>): string {
  return callbackUrl;
}

export function withCallbackUrl<Options extends Pick<DingTalkOptions, 'publicUrl' | 'authenticator' | 'callbackUrl'>>(
  options: Options,
): Options & { readonly callbackUrl: string } {
  return { ...options, callbackUrl: redirectUri(options) };
}
