import type { ExternalIdentity, Match } from '../core/accounts/index.js';
import type { ErrorCode } from '../core/errors/index.js';
import type { ReturnPath } from '../core/return-path/index.js';
import type { BrowserHandOff, BrowserStorage } from '../nocobase-client/index.js';
import type { SignInTransaction } from '../core/sign-in/index.js';

export interface SignedIn {
  /** How the person was matched; `ticket`: NocoBase's plugin does that. */
  readonly match: Match | 'ticket';
  /** Unknown with a ticket. */
  readonly userId?: number;
  readonly handOff: BrowserHandOff;
}

/** The request of a person who wants to sign in. */
export interface WantedSignIn {
  readonly returnPath: ReturnPath | undefined;
  /** For a sign-in inside the provider's client: the organization to request a code for. */
  readonly organization?: string;
}

/** Where a sign-in starts: here, tied to a `challenge`, or at an address that redirects back here. */
export type Beginning =
  | { readonly where: 'here'; readonly challenge?: string }
  | { readonly where: 'elsewhere'; readonly location: string };

/** The part of a failure that may be shown anywhere. */
export interface SignInFailure {
  readonly code: ErrorCode;
  readonly requestId: string;
}

/**
 * From a person identified by the provider to what signs their browser in. Implemented by `SessionSignIn` and
 * `TicketSignIn`.
 */
export abstract class SignInService {
  /**
   * @param challenge from the request, unvalidated
   * @throws InvalidRequestError
   */
  abstract begin(challenge: unknown, wanted: WantedSignIn): Beginning;

  /** @param requestId from our log */
  abstract signIn(identity: ExternalIdentity, transaction: SignInTransaction, requestId: string): Promise<SignedIn>;

  /** The page in NocoBase that shows a failure of this sign-in; undefined if a page of ours does. */
  abstract errorUrl(transaction: SignInTransaction, error: SignInFailure): string | undefined;

  /** For a page that receives the session as JSON and stores it for NocoBase's clients; undefined if no page does. */
  abstract browserStorage(): BrowserStorage | undefined;

  /** Rejects with the reason if NocoBase cannot be used. */
  abstract check(): Promise<void>;

  /**
   * Rejects if NocoBase does not accept the sessions issued here, where sign-ins end with one.
   *
   * @throws MisconfiguredError
   */
  async checkSession(): Promise<void> {
    return Promise.resolve();
  }
}
