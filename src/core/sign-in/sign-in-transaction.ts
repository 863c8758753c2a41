import type { ReturnPath } from '../return-path/index.js';

/** One running sign-in: what the gateway must remember while the person is at the provider. */
export interface SignInTransaction {
  /** 256 random bits as base64url: ties the authorization response to the request, and to one browser. */
  readonly state: string;
  /** Name of the authenticator it was started for; it is valid for no other. */
  readonly authenticator: string;
  /** The page in NocoBase to return to. */
  readonly returnPath: ReturnPath;
  /** How the provider's response arrives: `browser`, by its redirect; `in-app`, from our page inside its client. */
  readonly flow: Flow;
  /** The organization that a code was requested for; the response is valid for no other. */
  readonly organization?: string | undefined;
  /** base64url of a SHA-256: NocoBase's plugin has stored the verifier in this browser (PKCE S256). */
  readonly challenge?: string | undefined;
}

export type Flow = 'browser' | 'in-app';

export const STATE_PATTERN = /^[A-Za-z0-9_-]{43}$/;
