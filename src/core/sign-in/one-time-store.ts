/** Remembers what was used up. */
export abstract class OneTimeStore {
  /**
   * Uses a key up, atomically across everybody who shares the store.
   *
   * @returns true the first time within `ttlSeconds`, false ever after
   * @throws GatewayError (`temporarily_unavailable`) when the store cannot tell: nothing is then let through
   */
  abstract useUp(key: string, ttlSeconds: number): Promise<boolean>;

  /** Rejects with the reason when the store cannot be used. */
  abstract check(): Promise<void>;
}
