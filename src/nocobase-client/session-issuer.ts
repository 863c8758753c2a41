/** What a browser needs to be signed in to NocoBase. */
export interface NocoBaseSession {
  readonly token: string;
  readonly authenticator: string;
}

/** User in, NocoBase session out. */
export abstract class SessionIssuer {
  /** @throws the errors of `upstream/`, and MisconfiguredError if the API key may not write `issuedTokens` */
  abstract issueFor(userId: number): Promise<NocoBaseSession>;

  /** Whether NocoBase accepts this signature. Stores nothing. @throws MisconfiguredError if it does not */
  async check(): Promise<void> {
    return Promise.resolve();
  }
}
