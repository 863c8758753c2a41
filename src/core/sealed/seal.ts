import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { deriveKey, open } from './sealed.js';
import { FormerSeal } from './former-seal.js';

/** In seconds since 1970 (RFC 7519 section 4.1.4): a sealed value without an expiry never opens. */
const lifetime = z.looseObject({ exp: z.number() });

interface SealingKey {
  readonly key: KeyObject;
  readonly former: FormerSeal;
}

function sealingKey(secret: string, purpose: string): SealingKey {
  const key = deriveKey(secret, purpose);
  return { key, former: new FormerSeal(key) };
}

/**
 * Seals values for storage that others can read, until they expire. The first secret seals, all of them open, so that
 * secrets can be rotated.
 */
export class Seal<Guard extends z.ZodType<Record<string, unknown>>> {
  private readonly keys: readonly [SealingKey, ...SealingKey[]];

  /** @param purpose keeps values sealed for one use from being opened for another */
  constructor(
    secrets: readonly [string, ...string[]],
    purpose: string,
    private readonly guard: Guard,
  ) {
    const [first, ...others] = secrets;
    this.keys = [sealingKey(first, purpose), ...others.map((secret) => sealingKey(secret, purpose))];
  }

  async seal(value: z.output<Guard>, ttlSeconds: number): Promise<string> {
    return this.keys[0].former.seal(JSON.stringify({ ...value, exp: nowInSeconds() + ttlSeconds }));
  }

  /** @returns undefined if the text is not ours, was modified, or has expired by the server's clock */
  async open(text: string): Promise<z.output<Guard> | undefined> {
    for (const { key, former } of this.keys) {
      // First the format that this version writes.
      const opened = former.open(text) ?? open(key, text);
      if (opened !== undefined) return this.read(opened);
    }
    return undefined;
  }

  private read(opened: string): z.output<Guard> | undefined {
    const claims = lifetime.safeParse(JSON.parse(opened)).data;
    return claims !== undefined && claims.exp > nowInSeconds() ? this.guard.safeParse(claims).data : undefined;
  }
}

function nowInSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
