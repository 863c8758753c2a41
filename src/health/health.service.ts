import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, ServiceUnavailableException } from '@nestjs/common';
import { type HealthCheckResult, HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import { LRUCache } from 'lru-cache';
import { Authenticators, type DingTalkAuthenticator } from '../dingtalk/index.js';
import { OneTimeStore } from '../core/sign-in/index.js';
import { withTimeBudget } from '../core/upstream/index.js';

/** The upstream that prevents sign-ins, as far as people need to know. */
type Trouble = 'dingtalk' | 'nocobase';

export interface Health {
  /** Whether people can sign in with at least one authenticator. */
  readonly ready: boolean;
  /** Terminus' report, with `degraded` for a problem that does not make this process useless. */
  readonly body: Omit<HealthCheckResult, 'status'> & { readonly status: 'ok' | 'degraded' | 'error' };
  readonly trouble: Trouble | undefined;
}

/** Timeout of one check. */
const LOOK_MS = 3000;
/** Maximum age of a cached result for readiness: frequent requests cause no work. Balancers poll every few seconds. */
const READY_FRESH_MS = 1500;
/**
 * Maximum age of a cached result on a page, and of DingTalk's for any check; then the maximum wait for the first
 * result.
 */
const FRESH_MS = 5000;
const PATIENCE_MS = 300;

/** NocoBase cannot be reached, or has our keys and accepts none: people sent here cannot sign in. */
const KEEPS_US_OUT: ReadonlySet<string> = new Set(['unreachable', 'starting', 'assertion_refused', 'key_not_pinned']);

/** Checks what a sign-in needs: the store, NocoBase and DingTalk. */
@Injectable()
export class HealthService {
  /** One check at a time, however many requests, which anyone can send. */
  private looking: Promise<Health> | undefined;
  private last: { readonly health: Health; readonly at: number; readonly of: readonly unknown[] } | undefined;
  private readonly recent = new LRUCache<'health', Health>({
    max: 1,
    ttl: FRESH_MS,
    allowStale: true,
    fetchMethod: async () => this.look(),
  });
  /** DingTalk counts calls by address, so the number of calls must not depend on our callers. */
  private readonly providers = new LRUCache<DingTalkAuthenticator, { readonly failure: Error | undefined }>({
    max: 100,
    ttl: FRESH_MS,
    fetchMethod: async (authenticator) => ({ failure: await failureOf(authenticator.checkProvider()) }),
  });

  constructor(
    private readonly terminus: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly authenticators: Authenticators,
    private readonly store: OneTimeStore,
  ) {}

  /** The current result, or a recent one. */
  async look(): Promise<Health> {
    const { last } = this;
    const isRecent = last !== undefined && performance.now() - last.at < READY_FRESH_MS;
    if (isRecent && isSame(last.of, this.subject())) return last.health;
    this.looking ??= this.lookAnew().finally(() => (this.looking = undefined));
    return this.looking;
  }

  /** The result is as old as the start of its check: checking a slow system takes time. */
  private async lookAnew(): Promise<Health> {
    const [at, of] = [performance.now(), this.subject()];
    const health = await withTimeBudget(LOOK_MS, async () => this.ask());
    this.last = { health, at, of };
    return health;
  }

  /** What a check is about: after a configuration change, the last result is meaningless. */
  private subject(): readonly unknown[] {
    return [this.authenticators.trouble, ...this.authenticators.all()];
  }

  /** For the sign-in page, which does not wait: the last result, at most some seconds old. */
  async knownTrouble(): Promise<Trouble | undefined> {
    const recent = this.recent.fetch('health').catch(() => undefined);
    return (await Promise.race([recent, delay(PATIENCE_MS, undefined, { ref: false })]))?.trouble;
  }

  private async ask(): Promise<Health> {
    const inForce = this.authenticators.all();
    const single = inForce.length === 1;
    const named = (kind: string, { name }: DingTalkAuthenticator): string => (single ? kind : `${kind}:${name}`);
    const { trouble: amiss } = this.authenticators;
    const asked = amiss === undefined ? [] : [this.report('authenticators', async () => Promise.reject(amiss))];
    const [store, source, nocobase, dingtalk] = await Promise.all([
      this.report('store', async () => this.store.check()),
      Promise.all(asked),
      Promise.all(inForce.map(async (each) => this.report(named('nocobase', each), async () => each.checkDirectory()))),
      Promise.all(
        inForce.map(async (each) => this.report(named('dingtalk', each), async () => this.checkProvider(each))),
      ),
    ]);
    // If DingTalk, or one NocoBase of several, is failing, taking this process out of service does not help.
    const ready = isUp(store) && [...source, ...nocobase].some((one) => isUp(one) || needsUs(one));
    const sessions = await Promise.all(
      inForce.flatMap((each) => {
        const amiss = this.authenticators.sessionTroubleOf(each.name);
        return amiss === undefined ? [] : [this.report(named('sessions', each), async () => Promise.reject(amiss))];
      }),
    );
    const all = [store, ...source, ...nocobase, ...dingtalk, ...sessions];
    const trouble = !nocobase.every(isUp) ? 'nocobase' : !dingtalk.every(isUp) ? 'dingtalk' : undefined;
    return {
      ready,
      trouble,
      body: {
        status: !ready ? 'error' : all.every(isUp) ? 'ok' : 'degraded',
        info: merged(all, 'info'),
        error: merged(all, 'error'),
        details: merged(all, 'details'),
      },
    };
  }

  private async checkProvider(authenticator: DingTalkAuthenticator): Promise<void> {
    const seen = await this.providers.fetch(authenticator);
    if (seen?.failure !== undefined) throw seen.failure;
  }

  private async report(name: string, check: () => Promise<void>): Promise<HealthCheckResult> {
    try {
      return await this.terminus.check([async () => this.probe(name, check)]);
    } catch (error) {
      // A failed check is a result, not an error.
      if (!(error instanceof ServiceUnavailableException)) throw error;
      return error.getResponse() as HealthCheckResult;
    }
  }

  private async probe(name: string, check: () => Promise<void>) {
    const indicator = this.indicators.check(name);
    try {
      await check();
      return indicator.up();
    } catch (error) {
      // Only the code and the setting, because the report is public.
      const { code, setting, trouble } = error as { code?: string; setting?: string; trouble?: string };
      const reason = code ?? 'unknown';
      return indicator.down({ reason, ...(setting ? { setting } : {}), ...(trouble ? { trouble } : {}) });
    }
  }
}

async function failureOf(check: Promise<void>): Promise<Error | undefined> {
  try {
    await check;
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error('rejected');
  }
}

function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((part, index) => part === other[index]);
}

function isUp({ status }: HealthCheckResult): boolean {
  return status === 'ok';
}

/**
 * NocoBase responds, but its plugin does not know this gateway yet, or cannot fetch its keys: that can only change if
 * requests reach this process, whose page says what to do.
 */
function needsUs({ details }: HealthCheckResult): boolean {
  return Object.values(details).some(({ trouble }) => typeof trouble === 'string' && !KEEPS_US_OUT.has(trouble));
}

function merged(reports: readonly HealthCheckResult[], part: 'info' | 'error' | 'details') {
  return Object.assign({}, ...reports.map((report) => report[part] ?? {})) as HealthCheckResult['details'];
}
