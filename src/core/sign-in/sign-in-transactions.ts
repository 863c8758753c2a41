import { createHash, timingSafeEqual } from 'node:crypto';
import type { ReturnPath } from '../return-path/index.js';
import { type Counter, uncounted } from '../observed/index.js';
import { randomBytes } from '../sealed/index.js';
import type { OneTimeStore } from './one-time-store.js';
import { InvalidStateError } from './sign-in.errors.js';
import type { Flow, SignInTransaction } from './sign-in-transaction.js';
import { TransactionCookies } from './transaction-cookie.js';
import { TransactionSeal } from './transaction-seal.js';
import { DETAIL } from '../texts/index.js';

/** A used state is remembered a little longer than it could be valid. */
const CLOCK_MARGIN_SECONDS = 60;

/** How a transaction is kept in a browser. */
export interface TransactionOptions {
  /** Our address as browsers see it; `https` decides about the cookie's `__Host-` prefix. */
  readonly publicUrl: string;
  /** The first one seals, all of them open. Each has at least 32 characters. */
  readonly cookieSecrets: readonly [string, ...string[]];
  /** Time limit for the person at the provider. */
  readonly transactionTtlSeconds: number;
}

/** The pages of NocoBase that a sign-in may end at. */
export interface CheckedPaths {
  /** Used if no page or an invalid one was requested. */
  readonly home: ReturnPath;
  /** The normalized path; undefined if it is not a page of NocoBase that we would send a browser to. */
  readonly checked: (wanted: unknown) => ReturnPath | undefined;
}

/** A sign-in that was started; times in milliseconds since 1970. */
export interface BegunSignIn {
  readonly startedAt: number;
  readonly expiresAt: number;
}

export interface SignInCounts {
  signInStarted(authenticator: string, signIn: BegunSignIn): void;
  signInReturned(signIn: BegunSignIn): void;
}

/** A transaction that this browser started and has not ended. */
export interface HeldTransaction {
  readonly transaction: SignInTransaction;
  readonly startedAt: number | undefined;
}

/** Opens a sign-in transaction and uses it up: once, in the browser that opened it, before it expires. */
export class SignInTransactions {
  private readonly seal: TransactionSeal;
  private readonly cookies: TransactionCookies;

  constructor(
    private readonly used: OneTimeStore,
    private readonly options: TransactionOptions,
    private readonly returnPaths: CheckedPaths,
    private readonly counter: Counter<SignInCounts> = uncounted,
  ) {
    this.seal = new TransactionSeal(options.cookieSecrets);
    this.cookies = new TransactionCookies(new URL(options.publicUrl).protocol === 'https:');
  }

  /**
   * @param returnPath the requested page; undefined selects the default
   * @param kind for a sign-in inside the provider's client: its organization; and the plugin's challenge
   */
  async open(
    authenticator: string,
    returnPath: ReturnPath | undefined,
    cookieHeader: string | undefined,
    kind: Pick<SignInTransaction, 'flow' | 'organization' | 'challenge'> = { flow: 'browser' },
  ): Promise<{ transaction: SignInTransaction; setCookies: string[] }> {
    const ttl = this.options.transactionTtlSeconds;
    const transaction: SignInTransaction = {
      ...kind,
      state: randomBytes(32).toString('base64url'),
      authenticator,
      returnPath: returnPath ?? this.returnPaths.home,
    };
    const startedAt = Date.now();
    const sealed = await this.seal.seal({ ...transaction, startedAt }, ttl);
    this.counter.count((counts) => counts.signInStarted(authenticator, this.times(startedAt)));
    return { transaction, setCookies: this.cookies.set(cookieHeader, transaction.state, sealed, ttl) };
  }

  /**
   * Checks that this browser started this sign-in, for this authenticator and in this flow. A response that reaches the
   * wrong browser stops here, so it does not spoil the owner's sign-in. Nothing is used up.
   *
   * @throws InvalidStateError
   */
  async hold(
    authenticator: string,
    state: string,
    cookieHeader: string | undefined,
    flow: Flow = 'browser',
  ): Promise<HeldTransaction> {
    const text = this.cookies.read(cookieHeader, state);
    if (text === undefined) throw new InvalidStateError(DETAIL.auth.noTransaction.en);
    const opened = await this.seal.open(text);
    if (opened === undefined) throw new InvalidStateError(DETAIL.auth.oldCookie.en);
    const { startedAt, ...kept } = opened;
    // Checked again: it may have been sealed before an update, or with other settings.
    const transaction = { ...kept, returnPath: this.returnPaths.checked(kept.returnPath) ?? this.returnPaths.home };
    if (!equal(transaction.state, state)) throw new InvalidStateError(DETAIL.auth.stateDiffers.en);
    if (transaction.authenticator !== authenticator) throw new InvalidStateError(DETAIL.auth.otherAuthenticator.en);
    if (transaction.flow !== flow) throw new InvalidStateError(DETAIL.auth.otherFlow(transaction.flow, flow).en);
    return { transaction, startedAt };
  }

  /** Succeeds once, before anything is sent anywhere. @throws InvalidStateError */
  async useUp({ transaction, startedAt }: HeldTransaction): Promise<SignInTransaction> {
    const key = createHash('sha256').update(transaction.state).digest('base64url');
    if (!(await this.used.useUp(key, this.options.transactionTtlSeconds + CLOCK_MARGIN_SECONDS))) {
      throw new InvalidStateError(DETAIL.auth.stateUsed.en);
    }
    if (startedAt !== undefined) this.counter.count((counts) => counts.signInReturned(this.times(startedAt)));
    return transaction;
  }

  /** `hold` and `useUp`. @throws InvalidStateError */
  async consume(...response: Parameters<SignInTransactions['hold']>): Promise<SignInTransaction> {
    return this.useUp(await this.hold(...response));
  }

  /** The `Set-Cookie` value that ends the transaction in the browser. */
  clearCookie(state: string): string {
    return this.cookies.clear(state);
  }

  private times(startedAt: number): BegunSignIn {
    return { startedAt, expiresAt: startedAt + this.options.transactionTtlSeconds * 1000 };
  }
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length > 0 && left.length === right.length && timingSafeEqual(left, right);
}
