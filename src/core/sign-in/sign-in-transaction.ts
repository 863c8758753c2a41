import type { ReturnPath } from '../return-path/index.js';

/** One running sign-in: what the gateway must remember while the person is at the provider. */
export interface SignInTransaction {
  /** 256 random bits as base64url: ties the authorization response to the request, and to one browser. */
  readonly state: string;
  /** Name of the authenticator it was started for; it is good at no other. */
  readonly authenticator: string;
  /** Where in NocoBase the person lands. */
  readonly returnPath: ReturnPath;
  /** How the provider's answer comes back: `browser`, by its redirect; `in-app`, from our page inside its client. */
  readonly flow: Flow;
  /** The organization that the provider's client was asked about; its answer counts for no other. */
  readonly organization?: string | undefined;
  /** base64url of a SHA-256: NocoBase's plugin has put what it is the hash of into this browser. */
  readonly challenge?: string | undefined;
}

export type Flow = 'browser' | 'in-app';

export const STATE_PATTERN = /^[A-Za-z0-9_-]{43}$/;
