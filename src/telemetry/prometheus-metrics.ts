import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { ERROR_STATUS } from '../core/errors/index.js';
import { type Conclusion, CONCLUSIONS, UNCLEAR, type Unclear } from '../core/leavers/index.js';
import { boundedOperation } from './bounded-operation.js';
import type { BegunSignIn } from '../core/sign-in/index.js';
import type { CallOutcome, NamedCall, UpstreamState, WatchedUpstream } from '../core/upstream/index.js';
import type { EndedSignIn, Metrics, Outcome } from './metrics.js';
import { PendingSignIns } from './pending-sign-ins.js';

/** Seconds. From one call on the same host to the 15 s that all calls of a sign-in may take. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15];

/** A label has a value in every series, even if it does not apply. */
const NONE = 'none';

const CIRCUIT = { closed: 0, 'half-open': 1, open: 2 } as const;

/**
 * Sampling interval of the event loop's delay. prom-client's own 10 ms cost an idle process 0.7 % of a core, this 0.1 %
 * (measured on Node 20); at rest this value is what is reported.
 */
const EVENT_LOOP_PRECISION_MS = 50;

/** How a sign-in can end. */
const SIGN_IN_ENDS: readonly { readonly outcome: Outcome; readonly match: string; readonly code: string }[] = [
  ...['bound', 'linked', 'registered', 'ticket'].map((match) => ({ outcome: 'success', match, code: NONE }) as const),
  ...Object.keys(ERROR_STATUS).map((code) => ({ outcome: 'failure', match: NONE, code }) as const),
];

/** The possible outcomes for a person who left or seemed to have left. */
const LEAVER_ENDS = [...CONCLUSIONS, 'returned'] as const;

export interface PrometheusOptions {
  /** Names of the authenticators at the start. */
  readonly authenticators: readonly string[];
  readonly version: string;
}

/** `Metrics` for Prometheus, in a registry of its own: two gateways in one process are not added up. */
export class PrometheusMetrics implements Metrics {
  private readonly registry = new Registry();
  private readonly registers = [this.registry];
  private readonly pending = new PendingSignIns();
  private readonly upstreams = new Map<string, Set<WatchedUpstream>>();
  private readonly known = new Set<string>();
  private readonly watched = new Set<string>();
  private inForce = 0;

  private readonly started = new Counter({
    name: 'gateway_sign_ins_started_total',
    help: 'Sign-ins that were sent to the provider',
    labelNames: ['authenticator'],
    registers: this.registers,
  });
  private readonly signIns = new Counter({
    name: 'gateway_sign_ins_total',
    help: 'Completed sign-ins, by outcome: how the person was matched, or the error code',
    labelNames: ['authenticator', 'outcome', 'match', 'code'],
    registers: this.registers,
  });
  private readonly signInSeconds = new Histogram({
    name: 'gateway_sign_in_duration_seconds',
    help: "Time from the provider's response to NocoBase's session",
    labelNames: ['authenticator', 'outcome'],
    buckets: BUCKETS,
    registers: this.registers,
  });
  private readonly stepSeconds = new Histogram({
    name: 'gateway_sign_in_step_duration_seconds',
    help: 'Time that each step of a sign-in takes',
    labelNames: ['step', 'outcome'],
    buckets: BUCKETS,
    registers: this.registers,
  });
  private readonly callSeconds = new Histogram({
    name: 'gateway_upstream_request_duration_seconds',
    help: 'Time of each attempt to call DingTalk or NocoBase; refused attempts were not sent and took no time',
    labelNames: ['upstream', 'operation', 'outcome'],
    buckets: BUCKETS,
    registers: this.registers,
  });
  private readonly repeated = new Counter({
    name: 'gateway_upstream_retries_total',
    help: 'Calls that were retried after a failure',
    labelNames: ['upstream', 'operation'],
    registers: this.registers,
  });
  private readonly refused = new Counter({
    name: 'gateway_rate_limited_requests_total',
    help: 'Requests refused by a rate limit: of an address, of its IPv6 network, or of codes that the provider refused',
    labelNames: ['scope'],
    registers: this.registers,
  });

  private readonly leavers = new Counter({
    name: 'gateway_leavers_total',
    help: 'People who left or returned according to the provider, by outcome',
    labelNames: ['authenticator', 'conclusion'],
    registers: this.registers,
  });
  private readonly leaversUnclear = new Counter({
    name: 'gateway_leavers_unclear_total',
    help: 'People for whom the provider gave no usable answer, by reason',
    labelNames: ['authenticator', 'why'],
    registers: this.registers,
  });
  private readonly leaverStreams = new Gauge({
    name: 'gateway_leaver_stream_connected',
    help: 'Whether the connection for events from the provider is open; only if one is configured',
    labelNames: ['authenticator'],
    registers: this.registers,
  });
  private readonly leaverNights = new Gauge({
    name: 'gateway_leaver_night_timestamp_seconds',
    help: 'End of the last complete check of everyone who is linked, or start of the watch; take the latest of all replicas',
    labelNames: ['authenticator'],
    registers: this.registers,
  });

  constructor({ authenticators, version }: PrometheusOptions) {
    const { pending } = this;
    collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: EVENT_LOOP_PRECISION_MS });
    this.gauge(
      'gateway_sign_ins_pending',
      'Sign-ins that have neither returned from the provider nor expired; only the sum over all replicas is meaningful',
      [],
      (gauge) => gauge.set(pending.count()),
    );
    this.watch(
      'gateway_upstream_circuit_state',
      'State of the circuit breaker: 0 closed, 1 half-open, 2 open',
      (states) => Math.max(...states.map(({ circuit }) => CIRCUIT[circuit])),
    );
    this.watch('gateway_upstream_calls_running', 'Calls that wait for a response', (states) =>
      states.reduce((sum, { running }) => sum + running, 0),
    );
    this.watch('gateway_upstream_calls_waiting', 'Calls that wait for others to finish', (states) =>
      states.reduce((sum, { waiting }) => sum + waiting, 0),
    );
    const build = { version, node: process.version };
    this.gauge('gateway_build_info', 'Always 1', ['version', 'node'], (gauge) => gauge.set(build, 1));
    for (const scope of ['address', 'network', 'codes']) this.refused.inc({ scope }, 0);
    this.gauge('gateway_authenticators', 'Active authenticators', [], (gauge) => gauge.set(this.inForce));
    this.authenticatorsInForce(authenticators);
  }

  authenticatorsInForce(names: readonly string[]): void {
    this.inForce = names.length;
    for (const authenticator of names) this.introduce(authenticator);
    for (const authenticator of this.known) if (!names.includes(authenticator)) this.forget(authenticator);
  }

  signInStarted(authenticator: string, signIn: BegunSignIn): void {
    this.introduce(authenticator);
    this.started.inc({ authenticator });
    this.pending.begun(signIn);
  }

  signInReturned(signIn: BegunSignIn): void {
    this.pending.returned(signIn);
  }

  signInEnded({ authenticator, outcome, match, code }: EndedSignIn, seconds: number): void {
    this.introduce(authenticator);
    this.signIns.inc({ authenticator, outcome, match: match ?? NONE, code: code ?? NONE });
    this.signInSeconds.observe({ authenticator, outcome }, seconds);
  }

  stepEnded(step: string, outcome: Outcome, seconds: number): void {
    this.stepSeconds.observe({ step, outcome }, seconds);
  }

  callEnded({ upstream, operation }: NamedCall, outcome: CallOutcome, seconds: number): void {
    this.callSeconds.observe({ upstream, operation: boundedOperation(operation), outcome }, seconds);
  }

  callRepeated({ upstream, operation }: NamedCall): void {
    this.repeated.inc({ upstream, operation: boundedOperation(operation) });
  }

  rateLimited(scope: string): void {
    this.refused.inc({ scope });
  }

  leaversWatched(names: readonly string[]): void {
    for (const authenticator of names) {
      if (this.watched.has(authenticator)) continue;
      this.watched.add(authenticator);
      for (const conclusion of LEAVER_ENDS) this.leavers.inc({ authenticator, conclusion }, 0);
      for (const why of UNCLEAR) this.leaversUnclear.inc({ authenticator, why }, 0);
    }
    for (const authenticator of this.watched) {
      if (names.includes(authenticator)) continue;
      this.watched.delete(authenticator);
      for (const conclusion of LEAVER_ENDS) this.leavers.remove({ authenticator, conclusion });
      for (const why of UNCLEAR) this.leaversUnclear.remove({ authenticator, why });
      this.leaverStreams.remove({ authenticator });
      this.leaverNights.remove({ authenticator });
    }
  }

  leaverConcluded(authenticator: string, conclusion: Conclusion | 'returned'): void {
    this.leavers.inc({ authenticator, conclusion });
  }

  leaverUnclear(authenticator: string, why: Unclear): void {
    this.leaversUnclear.inc({ authenticator, why });
  }

  leaverStream(authenticator: string, isConnected: boolean): void {
    this.leaverStreams.set({ authenticator }, Number(isConnected));
  }

  leaverNight(authenticator: string, endedAt: number): void {
    this.leaverNights.set({ authenticator }, endedAt / 1000);
  }

  watchUpstream(upstream: string, watched: WatchedUpstream): void {
    this.upstreams.set(upstream, (this.upstreams.get(upstream) ?? new Set()).add(watched));
  }

  unwatchUpstream(watched: WatchedUpstream): void {
    for (const all of this.upstreams.values()) all.delete(watched);
  }

  /** https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format */
  async text(): Promise<string> {
    return this.registry.metrics();
  }

  /** One number for each upstream, however many addresses it has; read on demand. */
  private watch(name: string, help: string, combine: (states: UpstreamState[]) => number): void {
    this.gauge(name, help, ['upstream'], (gauge) => {
      gauge.reset();
      for (const [upstream, watched] of this.upstreams) {
        if (watched.size > 0) gauge.set({ upstream }, combine([...watched].map(({ state }) => state)));
      }
    });
  }

  /** @param look sets it on demand */
  private gauge(name: string, help: string, labelNames: string[], look: (gauge: Gauge) => void): void {
    const gauge: Gauge = new Gauge({ name, help, labelNames, registers: [], collect: () => look(gauge) });
    this.registry.registerMetric(gauge);
  }

  /** A series that appears with its first failure has no increase that an alert could detect. */
  private introduce(authenticator: string): void {
    if (this.known.has(authenticator)) return;
    this.known.add(authenticator);
    this.started.inc({ authenticator }, 0);
    for (const labels of SIGN_IN_ENDS) this.signIns.inc({ authenticator, ...labels }, 0);
  }

  /** Changing authenticators must not create ever more series. A sign-in that is still running recreates its own. */
  private forget(authenticator: string): void {
    this.known.delete(authenticator);
    this.started.remove({ authenticator });
    for (const labels of SIGN_IN_ENDS) {
      this.signIns.remove({ authenticator, ...labels });
      this.signInSeconds.remove({ authenticator, outcome: labels.outcome });
    }
  }
}
