import { configurableModule } from '../config/index.js';

/** One application of DingTalk's developer console. */
export interface DingTalkOptions {
  /** The gateway's address as browsers see it. */
  readonly publicUrl: string;
  /** The name that stands in the routes and at NocoBase. */
  readonly authenticator: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Who a person is: `profile`, their own; `member`, the organization's record of them, or nobody. */
  readonly identity: 'profile' | 'member';
  /** Organizations whose members may in. With one, DingTalk preselects it; with none, DingTalk is not asked. */
  readonly corpIds: readonly string[];
  /** Whether DingTalk asks for a dedicated account (专属帐号) of the one organization. */
  readonly exclusiveLogin?: boolean;
  /** Where DingTalk sends people back, if that is not the gateway's own route. */
  readonly callbackUrl?: string;
  /** Base addresses without a trailing slash. */
  readonly loginUrl: string;
  readonly apiUrl: string;
  readonly oapiUrl: string;
  /** An HTTP proxy (CONNECT) for all calls to DingTalk, with its user and password. */
  readonly proxyUrl?: string;
  /** What all codes of the application look like, where that is known to be more than DingTalk documents. */
  readonly codePattern?: RegExp;
  /** For one call. */
  readonly timeoutMs: number;
  /** On the button of the sign-in page; without it, DingTalk's name. */
  readonly title?: { readonly en: string; readonly zh: string };
  /** An image for that button, as a `data:` address. */
  readonly logo?: string;
  /** Whether the names of a person's departments are asked for: a call for each department, once an hour. */
  readonly wantsDepartments?: boolean;
  /** DingTalk's script that shows a code to scan on the sign-in page; without it there is only the button. */
  readonly scanScriptUrl?: string;
  /** Where NocoBase asks for a password: offered where this way in fails. Without it, that of the pages. */
  readonly passwordUrl?: string;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: DINGTALK_OPTIONS } =
  configurableModule<DingTalkOptions>('DingTalkAuthenticator');
