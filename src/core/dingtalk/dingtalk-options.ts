/** One application of DingTalk's developer console. */
export interface DingTalkOptions {
  /** The name of the way to sign in: a transaction is good for no other. */
  readonly authenticator: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Who a person is: `profile`, their own; `member`, the organization's record of them, or nobody. */
  readonly identity: 'profile' | 'member';
  /** Organizations whose members may in. With one, DingTalk preselects it; with none, DingTalk is not asked. */
  readonly corpIds: readonly string[];
  /** Whether DingTalk asks for a dedicated account (专属帐号) of the one organization. */
  readonly exclusiveLogin?: boolean;
  /** Where DingTalk sends people back: registered in the developer console (Security settings, Redirect URL). */
  readonly callbackUrl: string;
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
  /** Whether the names of a person's departments are asked for: a call for each department, once an hour. */
  readonly wantsDepartments?: boolean;
}
