import { setTimeout as delay } from 'node:timers/promises';
import { calculateJwkThumbprint, createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { JWKS_PATH } from '../../../src/core/plugin-protocol/index.js';
import { boundedFetch } from './bounded-body.js';
import { codeOf, UnexpectedAnswerError } from './why-no-answer.js';
import { DETAIL } from './texts.js';

/** The gateway allows its keys to be cached for this long: the longest that a revoked key stays valid. */
const FRESH_MS = 60_000;
/** Minimum interval between fetches caused by unknown key names, which anyone can invent. */
const UNKNOWN_KEY_MS = 3000;
/** Minimum interval between fetches after one that failed. */
const FAILED_MS = 1000;
const TIMEOUT_MS = 3000;
/** Maximum number of requests that wait for one answer. */
const MAX_WAITING = 100;

/** Keys as the gateway publishes them (RFC 8037); others are ignored. */
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
  /** RFC 7638, by `kid`. Computed here, because anyone can write any `kid`. */
  readonly thumbprints: ReadonlyMap<string, string>;
  readonly at: number;
}

/**
 * The JWK Set of one gateway. An unknown key causes an immediate fetch, so that nobody notices when a gateway returns with a new
 * one; but however many key names are invented, there is only one fetch every few seconds.
 */
export class KeyCache {
  private known: Known | undefined;
  private asking: Promise<void> | undefined;
  private asked = 0;
  private waiting = 0;
  private unknownKeyAt = 0;
  private failedAt = 0;

  /** @param address the gateway's address for NocoBase's server */
  constructor(private readonly address: string) {}

  /** Whether the last fetch failed. */
  get isFailing(): boolean {
    return this.failedAt > 0;
  }

  get thumbprints(): ReadonlyMap<string, string> {
    return this.known?.thumbprints ?? new Map();
  }

  /** For one verification: the key that it finds, and the thumbprint of that very key, even if others are fetched meanwhile. */
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

  /** Fetches now, for an administrator who looks at the keys. */
  async look(): Promise<readonly string[]> {
    await this.ask();
    return [...this.thumbprints.values()];
  }

  private get isFresh(): boolean {
    return this.known !== undefined && Date.now() - this.known.at < FRESH_MS;
  }

  /** @param mayAsk the earliest time; earlier callers wait, and all waiting callers share the answer */
  private async askAfter(mayAsk: () => number, isUnknownKey = false): Promise<void> {
    if (this.waiting >= MAX_WAITING) throw new KeysUnreachableError(DETAIL.tooManyWait(this.address).en);
    const { asked } = this;
    this.waiting += 1;
    try {
      const wait = mayAsk() - Date.now();
      if (wait > 0) await delay(wait);
      // Another caller may have fetched meanwhile.
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
      // Keys within their cache age stay valid.
      if (!this.isFresh) this.known = undefined;
      throw new KeysUnreachableError(`${this.address}${JWKS_PATH}: ${codeOf(error)}`, { cause: error });
    }
  }
}

/** Redirects are not followed: they would lead to an address that no administrator chose. */
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
  // `alg` and `use` are set here, not taken from the answer.
  const usable = keys.map((key) => ({ ...key, alg: 'EdDSA', use: 'sig' }));
  return { find: createLocalJWKSet({ keys: usable }), thumbprints: new Map(thumbprints), at };
}
