import { setTimeout as delay } from 'node:timers/promises';
import { calculateJwkThumbprint, createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { JWKS_PATH } from '../../../src/core/plugin-protocol/index.js';
import { boundedFetch } from './bounded-body.js';
import { codeOf, UnexpectedAnswerError } from './why-no-answer.js';
import { DETAIL } from './texts.js';

/** As the gateway lets its keys be cached: a key that was taken away is good for so long at most. */
const FRESH_MS = 60_000;
/** Between two questions because of names of keys that we do not know: anybody may make such names up. */
const UNKNOWN_KEY_MS = 3000;
/** Between two questions where there was no answer. */
const FAILED_MS = 1000;
const TIMEOUT_MS = 3000;
/** How many requests may wait for one answer. */
const MAX_WAITING = 100;

/** Keys as the gateway publishes them (RFC 8037); others are not looked at. */
const signingKey = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().max(64),
  kid: z.string().min(1).max(128),
});
const keySet = z.object({ keys: z.array(z.unknown()).max(20) });

export class KeysUnreachableError extends Error {}

interface Known {
  readonly find: JWTVerifyGetKey;
  /** RFC 7638, by `kid`. Computed here: a `kid` is whatever somebody writes. */
  readonly thumbprints: ReadonlyMap<string, string>;
  readonly at: number;
}

/**
 * The JWK Set of one gateway. A key that is not known leads to a new look at once, so that nobody notices when a gateway
 * comes back with a new one; but however many names of keys are made up, it is one look every few seconds.
 */
export class KeyCache {
  private known: Known | undefined;
  private asking: Promise<void> | undefined;
  private asked = 0;
  private waiting = 0;
  private unknownKeyAt = 0;
  private failedAt = 0;

  /** @param address of the gateway, as NocoBase's server reaches it */
  constructor(private readonly address: string) {}

  /** Whether the last question had no answer. */
  get isFailing(): boolean {
    return this.failedAt > 0;
  }

  get thumbprints(): ReadonlyMap<string, string> {
    return this.known?.thumbprints ?? new Map();
  }

  /** For one verification: the key that it finds, and that very key's thumbprint, though others may be fetched meanwhile. */
  finder(): { readonly find: JWTVerifyGetKey; readonly thumbprint: () => string | undefined } {
    let found: string | undefined;
    return {
      find: async (header, token) => {
        const known = await this.knownFor(header.kid);
        const key = await known.find(header, token);
        found = known.thumbprints.get(header.kid ?? '');
        return key;
      },
      thumbprint: () => found,
    };
  }

  private async knownFor(kid: unknown): Promise<Known> {
    if (typeof kid !== 'string' || kid.length > 128) throw new errors.JWKSNoMatchingKey();
    if (!this.isFresh) await this.askAfter(() => this.failedAt + FAILED_MS);
    else if (!this.thumbprints.has(kid)) await this.askAfter(() => this.unknownKeyAt + UNKNOWN_KEY_MS, true);
    if (this.known === undefined) throw new KeysUnreachableError(this.address);
    return this.known;
  }

  /** Asks now, for an administrator who looks at them. */
  async look(): Promise<readonly string[]> {
    await this.ask();
    return [...this.thumbprints.values()];
  }

  private get isFresh(): boolean {
    return this.known !== undefined && Date.now() - this.known.at < FRESH_MS;
  }

  /** @param mayAsk not before when; whoever comes earlier waits, and all who wait share the answer */
  private async askAfter(mayAsk: () => number, isUnknownKey = false): Promise<void> {
    if (this.waiting >= MAX_WAITING) throw new KeysUnreachableError(DETAIL.tooManyWait(this.address).en);
    const { asked } = this;
    this.waiting += 1;
    try {
      const wait = mayAsk() - Date.now();
      if (wait > 0) await delay(wait);
      // Somebody may have asked meanwhile.
      if (this.asked > asked && this.asking === undefined) return;
      if (isUnknownKey) this.unknownKeyAt = Date.now();
      await this.ask();
    } finally {
      this.waiting -= 1;
    }
  }

  private async ask(): Promise<void> {
    this.asking ??= this.fetch().finally(() => {
      this.asking = undefined;
      this.asked += 1;
    });
    return this.asking;
  }

  private async fetch(): Promise<void> {
    try {
      this.known = await fetchKeys(`${this.address}${JWKS_PATH}`);
      this.failedAt = 0;
    } catch (error) {
      this.failedAt = Date.now();
      // What is still fresh stays good.
      if (!this.isFresh) this.known = undefined;
      throw new KeysUnreachableError(`${this.address}${JWKS_PATH}: ${codeOf(error)}`, { cause: error });
    }
  }
}

/** No redirect is followed: it would be an address that no administrator chose. */
async function fetchKeys(url: string): Promise<Known> {
  const at = Date.now();
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await boundedFetch(url, { headers: { accept: 'application/json' }, redirect: 'error', signal });
  if (response.status !== 200) throw new UnexpectedAnswerError(response.status);
  const published = keySet.safeParse(await response.json().catch(() => undefined)).data;
  if (published === undefined) throw new UnexpectedAnswerError(response.status);
  const keys = published.keys.flatMap((key) => signingKey.safeParse(key).data ?? []);
  const thumbprints = await Promise.all(
    keys.map(async (key) => [key.kid, await calculateJwkThumbprint(key, 'sha256')] as const),
  );
  // `alg` and `use` are ours to say, not those of whoever answers.
  const usable = keys.map((key) => ({ ...key, alg: 'EdDSA', use: 'sig' }));
  return { find: createLocalJWKSet({ keys: usable }), thumbprints: new Map(thumbprints), at };
}
