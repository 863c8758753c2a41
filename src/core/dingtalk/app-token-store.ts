/** An app access token and its expiry with our safety margin, in ms since the epoch. */
export interface AppToken {
  readonly value: string;
  readonly usableUntil: number;
}

/** Where replicas share the application's token. It never fails: without a response DingTalk is asked. */
export interface AppTokenStore {
  read(): Promise<AppToken | undefined>;
  write(token: AppToken): Promise<void>;
  /** Only this token: another replica may have stored a new one. */
  forget(token: AppToken): Promise<void>;
}

/** For a process that shares nothing: DingTalk gives every process the same token. */
export const unshared: AppTokenStore = {
  read: async () => undefined,
  write: async () => undefined,
  forget: async () => undefined,
};
