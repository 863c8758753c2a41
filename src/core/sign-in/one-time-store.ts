/** Stores keys that were used up. */
export abstract class OneTimeStore {
  /**
   * Uses a key up, atomically for everyone who shares the store.
   *
   * @returns true the first time within `ttlSeconds`, false afterwards
   * @throws GatewayError (`temporarily_unavailable`) if the store cannot tell; then the sign-in must fail
   */
  abstract useUp(key: string, ttlSeconds: number): Promise<boolean>;

  /** Rejects with the reason if the store cannot be used. May write: once per check of readiness, which `health` limits. */
  abstract check(): Promise<void>;
}
