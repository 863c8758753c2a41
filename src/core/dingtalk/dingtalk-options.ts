/** One application of DingTalk's developer console. */
export interface DingTalkOptions {
  /** The authenticator's name: a transaction is valid for no other. */
  readonly authenticator: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The source of a person's identity: `profile`, their own; `member`, the organization's record, which must exist. */
  readonly identity: 'profile' | 'member';
  /**
   * Organizations whose members are allowed in. DingTalk preselects a single one; without any, it is not asked for one.
   */
  readonly corpIds: readonly string[];
  /** Whether DingTalk asks for a dedicated account (专属帐号) of the one organization. */
  readonly exclusiveLogin?: boolean;
  /** Where DingTalk redirects people: registered in the developer console (Security settings, Redirect URL). */
  readonly callbackUrl: string;
  /** Base addresses without a trailing slash. */
  readonly loginUrl: string;
  readonly apiUrl: string;
  readonly oapiUrl: string;
  /** An HTTP proxy (CONNECT) for all calls to DingTalk, with its user and password. */
  readonly proxyUrl?: string;
  /** The format of the application's codes, if it is known to be stricter than documented. */
  readonly codePattern?: RegExp;
  /** Timeout of one call. */
  readonly timeoutMs: number;
  /** Whether department names are read: one call for each department, cached for an hour. */
  readonly wantsDepartments?: boolean;
}
