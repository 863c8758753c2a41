import { InvalidEnvironmentError } from '../config/index.js';
import { MisconfiguredError } from '../core/errors/index.js';
import { boundedOperation } from './bounded-operation.js';
import { PendingSignIns } from './pending-sign-ins.js';
import { PrometheusMetrics } from './prometheus-metrics.js';
import { step, traceId } from './running-work.js';
import { readTelemetrySettings } from './telemetry.config.js';
import { Telemetry } from './telemetry.js';
import type { Span, SpanStart, Tracing } from './tracing.js';

const FACTS = {
  requestId: 'an-id',
  authenticator: 'dingtalk',
  route: 'GET /x',
  traceparent: undefined,
  subjectHash: () => undefined,
};
const SIGNED_IN = { match: 'bound' };

/** Records the parent of each span. */
class RecordingTracing implements Tracing {
  readonly opened: string[] = [];

  start({ name }: SpanStart, parent: Span | undefined): Span {
    const path = parent === undefined ? name : `${parent.traceparent} > ${name}`;
    this.opened.push(path);
    return { traceId: `trace of ${name}`, traceparent: path, end: () => undefined };
  }

  async stop(): Promise<void> {}
}

const broken = (): never => {
  throw new Error('CANARY');
};

describe('telemetry', () => {
  it('does nothing unless it is configured, and the work is done', async () => {
    await expect(Telemetry.off.signIn(FACTS, async () => step('match', async () => SIGNED_IN))).resolves.toBe(
      SIGNED_IN,
    );
    await expect(step('match', async () => 7)).resolves.toBe(7);
    expect(traceId()).toBeUndefined();
    Telemetry.off.count(broken);
    await Telemetry.off.onApplicationShutdown();
  });

  it('never affects the work that it measures', async () => {
    const metrics = new Proxy({} as PrometheusMetrics, { get: () => broken });
    const telemetry = new Telemetry(metrics, { start: broken, stop: async () => undefined });
    const refusal = new MisconfiguredError('SETTING');
    const work = async (): Promise<typeof SIGNED_IN> => step('match', async () => SIGNED_IN);
    await expect(telemetry.signIn({ ...FACTS, subjectHash: broken }, work)).resolves.toBe(SIGNED_IN);
    await expect(telemetry.signIn(FACTS, async () => Promise.reject(refusal))).rejects.toBe(refusal);
    const call = { upstream: 'NocoBase', operation: 'x', method: 'GET', host: 'h', resent: 0, outcomeOf: broken };
    await expect(telemetry.call(call, async () => Promise.reject(refusal))).rejects.toBe(refusal);
    expect(() => telemetry.count(broken)).not.toThrow();
  });

  it('separates simultaneous sign-ins, and two applications', async () => {
    const [one, two] = [new RecordingTracing(), new RecordingTracing()];
    const [here, there] = [new Telemetry(undefined, one), new Telemetry(undefined, two)];
    const call = { upstream: 'NocoBase', operation: 'x', method: 'GET', host: 'h', resent: 0 };
    const facts = { ...call, outcomeOf: () => ({ outcome: 'ok' }) as const };
    const signIn = (telemetry: Telemetry, route: string) =>
      telemetry.signIn({ ...FACTS, route }, async () => {
        await step('identify', async () => telemetry.call(facts, async () => undefined));
        expect(traceId()).toBe(`trace of ${route}`);
        // A call by the other application does not belong here.
        await (telemetry === here ? there : here).call(facts, async () => undefined);
        return SIGNED_IN;
      });
    await Promise.all([signIn(here, 'GET /a'), signIn(here, 'GET /b'), signIn(there, 'GET /c')]);
    expect([...one.opened].toSorted()).toEqual([
      'GET /a',
      'GET /a > identify',
      'GET /a > identify > NocoBase x',
      'GET /b',
      'GET /b > identify',
      'GET /b > identify > NocoBase x',
      'NocoBase x',
    ]);
    expect(two.opened.filter((path) => path === 'NocoBase x')).toHaveLength(2);
  });
});

describe('the name of a call', () => {
  it.each([
    ['issuedTokens:create', 'issuedTokens:create'],
    ['authenticators/dingtalk/users:create', 'authenticators/:name/users:create'],
    ['authenticators/钉钉 one/users:create', 'authenticators/:name/users:create'],
    ['users:list?token=CANARY', 'other'],
    ['', 'other'],
    ['x'.repeat(65), 'other'],
  ])('%s is %s for all records', (operation, name) => {
    expect(boundedOperation(operation)).toBe(name);
    expect(boundedOperation(name)).toBe(name);
  });
});

describe('pending sign-ins', () => {
  const TTL = 600_000;
  const at = (startedAt: number) => ({ startedAt, expiresAt: startedAt + TTL });
  const NOW = 1_800_000_000_000;

  beforeEach(() => jest.useFakeTimers({ now: NOW }));
  afterEach(() => jest.useRealTimers());

  it('are those started, without those that returned or expired', () => {
    const pending = new PendingSignIns();
    for (const later of [0, 1, 2, 60_000]) pending.begun(at(NOW + later));
    pending.returned(at(NOW + 1));
    expect(pending.count()).toBe(3);
    jest.setSystemTime(NOW + TTL - 1);
    expect(pending.count()).toBe(3);
    jest.setSystemTime(NOW + TTL + 10_000);
    expect(pending.count()).toBe(1);
    jest.setSystemTime(NOW + TTL + 70_000);
    expect(pending.count()).toBe(0);
  });

  it('add up over replicas, whichever replica they return to', () => {
    const [one, two] = [new PendingSignIns(), new PendingSignIns()];
    one.begun(at(NOW));
    one.begun(at(NOW));
    two.returned(at(NOW));
    expect([one.count(), two.count()]).toEqual([2, -1]);
    jest.setSystemTime(NOW + TTL + 10_000);
    expect([one.count(), two.count()]).toEqual([0, 0]);
  });

  it('exclude those of the previous process', () => {
    const pending = new PendingSignIns();
    pending.returned(at(NOW - 1));
    expect(pending.count()).toBe(0);
  });

  it('take bounded memory, however many there are', () => {
    const pending = new PendingSignIns();
    for (let i = 0; i < 20_000; i += 1) {
      jest.setSystemTime(NOW + i * 1000);
      pending.begun(at(NOW + i * 1000));
    }
    const slices: unknown = Reflect.get(pending, 'slices');
    expect((slices as Map<number, number>).size).toBeLessThan(65);
    expect(Math.abs(pending.count() - 600)).toBeLessThan(15);
  });
});

describe('metrics', () => {
  it('treat several addresses of one upstream as one', async () => {
    const metrics = new PrometheusMetrics({ authenticators: [], version: '1.0.0' });
    metrics.watchUpstream('DingTalk', { state: { circuit: 'open', running: 1, waiting: 0 } });
    metrics.watchUpstream('DingTalk', { state: { circuit: 'closed', running: 2, waiting: 5 } });
    const text = await metrics.text();
    expect(text).toContain('gateway_upstream_circuit_state{upstream="DingTalk"} 2');
    expect(text).toContain('gateway_upstream_calls_running{upstream="DingTalk"} 3');
    expect(text).toContain('gateway_upstream_calls_waiting{upstream="DingTalk"} 5');
  });

  it('forget an upstream that is no longer used', async () => {
    const metrics = new PrometheusMetrics({ authenticators: [], version: '1.0.0' });
    const replaced = { state: { circuit: 'open', running: 1, waiting: 0 } } as const;
    metrics.watchUpstream('NocoBase', replaced);
    expect(await metrics.text()).toContain('gateway_upstream_circuit_state{upstream="NocoBase"} 2');
    metrics.unwatchUpstream(replaced);
    expect(await metrics.text()).not.toContain('gateway_upstream_circuit_state{');
    metrics.watchUpstream('NocoBase', { state: { circuit: 'closed', running: 0, waiting: 0 } });
    expect(await metrics.text()).toContain('gateway_upstream_circuit_state{upstream="NocoBase"} 0');
  });
});

describe('the variables', () => {
  it('enable metrics and no traces by default', () => {
    expect(readTelemetrySettings({})).toEqual({ metrics: true, traces: undefined });
    expect(readTelemetrySettings({ METRICS_ENABLED: 'false' }).metrics).toBe(false);
    expect(readTelemetrySettings({ OTEL_SERVICE_NAME: 'x' }).traces).toBeUndefined();
  });

  it.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' }, 'http://c:4318/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://c/otlp/' }, 'https://c/otlp/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c/here' }, 'http://c/here'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://b/t' }, 'http://b/t'],
  ])('%j send traces to %s', (environment, url) => {
    expect(readTelemetrySettings(environment).traces?.url).toBe(url);
  });

  it('name the service', () => {
    const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://c';
    const named = (more: Record<string, string>) =>
      readTelemetrySettings({ OTEL_EXPORTER_OTLP_ENDPOINT, ...more }).traces?.resource;
    expect(named({})).toEqual({ 'service.name': 'nocobase-dingtalk-gateway' });
    const OTEL_RESOURCE_ATTRIBUTES = 'service.name=a,region=cn%2Ceast';
    expect(named({ OTEL_RESOURCE_ATTRIBUTES })).toEqual({ 'service.name': 'a', region: 'cn,east' });
    expect(named({ OTEL_RESOURCE_ATTRIBUTES, OTEL_SERVICE_NAME: 'b' })).toMatchObject({ 'service.name': 'b' });
  });

  it.each([
    ['METRICS_ENABLED', 'yes'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://user:secret@collector'],
    ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'http://collector/?key=secret'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
    ['OTEL_SDK_DISABLED', '1'],
    ['OTEL_TRACES_EXPORTER', 'zipkin'],
    ['OTEL_RESOURCE_ATTRIBUTES', 'no pair'],
    ['OTEL_RESOURCE_ATTRIBUTES', 'a=%E0%A4%A'],
  ])('refuse %s=%s', (name, value) => {
    let problems: readonly string[] = [];
    try {
      readTelemetrySettings({ [name]: value });
    } catch (error) {
      problems = (error as InvalidEnvironmentError).problems;
    }
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^${name} must`))]);
    expect(problems.join()).not.toContain(value);
  });
});
