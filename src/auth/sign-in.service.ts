import type { ExternalIdentity, Match } from '../core/accounts/index.js';
import type { ErrorCode } from '../core/errors/index.js';
import type { ReturnPath } from '../core/return-path/index.js';
import type { BrowserHandOff, BrowserStorage } from '../nocobase-client/index.js';
import type { SignInTransaction } from '../core/sign-in/index.js';

export interface SignedIn {
  /** How the person was matched; `ticket`: NocoBase's plugin will find out. */
  readonly match: Match | 'ticket';
  /** Unknown behind a ticket. */
  readonly userId?: number;
  readonly handOff: BrowserHandOff;
}

/** What a person asks for who wants to sign in. */
export interface WantedSignIn {
  readonly returnPath: ReturnPath | undefined;
  /** Of a sign-in inside the provider's client: the organization to ask it about. */
  readonly organization?: string;
}

/** Where a sign-in begins: here, tied to what `challenge` is the hash of, or at an address that sends it here. */
export type Beginning =
  | { readonly where: 'here'; readonly challenge?: string }
  | { readonly where: 'elsewhere'; readonly location: string };

/** What may be told of a failure anywhere. */
export interface SignInFailure {
  readonly code: ErrorCode;
  readonly requestId: string;
}

/** From a person whom the provider has named to what their browser needs. `SessionSignIn` and `TicketSignIn` do it. */
export abstract class SignInService {
  /**
   * @param challenge of the request, unread
   * @throws InvalidRequestError
   */
  abstract begin(challenge: unknown, wanted: WantedSignIn): Beginning;

  /** @param requestId of our log */
  abstract signIn(identity: ExternalIdentity, transaction: SignInTransaction, requestId: string): Promise<SignedIn>;

  /** Where in NocoBase a failure of this sign-in is told; undefined where that is on a page of ours. */
  abstract errorUrl(transaction: SignInTransaction, error: SignInFailure): string | undefined;

  /** For a page that gets the session as JSON and puts it where NocoBase's clients look; undefined where it never gets one. */
  abstract browserStorage(): BrowserStorage | undefined;

  /** Rejects with the reason where NocoBase cannot be used. */
  abstract check(): Promise<void>;

  /** Rejects where NocoBase does not take the sessions that end a sign-in here, if that is how it ends. @throws MisconfiguredError */
  async checkSession(): Promise<void> {
    return Promise.resolve();
  }
}
