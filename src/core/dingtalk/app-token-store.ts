/** An app access token and when we stop using it, in ms since the epoch. */
export interface AppToken {
  readonly value: string;
  readonly usableUntil: number;
}

/** Where the application's token is shared. It never fails: without an answer DingTalk is asked. */
export interface AppTokenStore {
  read(): Promise<AppToken | undefined>;
  write(token: AppToken): Promise<void>;
  /** Only this one: somebody else may have put a new one there. */
  forget(token: AppToken): Promise<void>;
}

/** For a process that shares none: DingTalk gives every process the same token. */
export const unshared: AppTokenStore = {
  read: async () => undefined,
  write: async () => undefined,
  forget: async () => undefined,
};
