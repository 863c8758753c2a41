import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { type Sandbox, startSandbox } from '../sandbox/index.js';
import { ERROR_STATUS } from '../src/core/errors/index.js';
import { Browser } from './support/browser.js';
import { eventually } from './support/eventually.js';
import { freePort } from './support/free-port.js';
import { NocoBaseProxy, type ProxyFault } from './support/nocobase-proxy.js';
import { TestNocoBase } from './support/nocobase.js';
import { attributesOf, OtlpCollector, type ReceivedSpan } from './support/otlp-collector.js';
import { Scrape } from './support/prometheus.js';
import { read } from './support/promql.js';
import { describeWith } from './support/requirements.js';
import { handedOver, SignInCase } from './support/sign-in-case.js';

const FILES = join(__dirname, '..', 'deploy', 'observability');
const SIGN_INS = 'gateway_sign_ins_total';
const [SERVER, INTERNAL, CLIENT] = [2, 1, 3];

const dropped: ProxyFault = (request) => void request.socket.destroy();

let lastPerson = 0;

describe('What an operator sees', () => {
  let nocobase: TestNocoBase;
  let sandbox: Sandbox;
  /** In front of the two upstreams, to record the headers that they receive. */
  let toNocoBase: NocoBaseProxy;
  let toDingTalk: NocoBaseProxy;
  let gateway: SignInCase;

  beforeAll(async () => {
    [nocobase, sandbox] = await Promise.all([TestNocoBase.launch(), startSandbox()]);
    [toNocoBase, toDingTalk] = await Promise.all([
      NocoBaseProxy.before(nocobase.url),
      NocoBaseProxy.before(sandbox.url),
    ]);
    gateway = await start({});
  }, 120_000);

  afterEach(() => toNocoBase.heal());

  afterAll(async () => {
    await gateway?.gateway.close();
    await Promise.all([sandbox?.close(), toNocoBase?.close(), toDingTalk?.close(), nocobase?.stop()]);
  });

  async function start(
    environment: Record<string, string>,
    listen: { port?: number; publicUrl?: string } = {},
  ): Promise<SignInCase> {
    return SignInCase.start(
      {
        ...nocobase.environment,
        NOCOBASE_URL: toNocoBase.url,
        NOCOBASE_PUBLIC_URL: nocobase.url,
        DINGTALK_API_URL: `${toDingTalk.url}/api`,
        DINGTALK_CORP_ID: 'dingcorp1',
        DINGTALK_AUTO_SIGN_UP: 'true',
        STATE_FOLDER: mkdtempSync(join(tmpdir(), 'observability-')),
        DINGTALK_LEAVERS: 'report',
        DINGTALK_EVENTS: 'stream',
        ...environment,
      },
      { sandbox, ...listen },
    );
  }

  function newPerson(): { id: string; name: string; mobile: string; unionId: string } {
    lastPerson += 1;
    const person = {
      id: `seen-${lastPerson}`,
      name: `Canary Name ${lastPerson}`,
      mobile: String(13_500_000_000 + lastPerson),
    };
    gateway.addPerson({ ...person, stateCode: '86', memberships: [{ corpId: 'dingcorp1' }] });
    return { ...person, unionId: sandbox.world.unionIdOf(person.id, 'dingsandboxapp') };
  }

  describe('in the metrics', () => {
    const scrape = async (): Promise<Scrape> => Scrape.of(gateway.gateway.url);

    it('is Prometheus text that is not cached', async () => {
      const response = await fetch(`${gateway.gateway.url}/metrics`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
      expect(response.headers.get('cache-control')).toBe('no-store');
      const text = await response.text();
      expect(text).toContain('# TYPE gateway_sign_ins_total counter');
      expect(text).toMatch(/^gateway_build_info\{version="\d+\.\d+\.\d+",node="v\d+\.[\d.]+"\} 1$/m);
    });

    it('has every outcome at 0 before anything happens', async () => {
      const { samples } = await scrape();
      const codes = samples.filter(({ name, labels }) => name === SIGN_INS && labels['outcome'] === 'failure');
      expect(codes.map(({ labels }) => labels['code'])).toEqual(Object.keys(ERROR_STATUS));
    });

    it('counts how people were matched, why sign-ins failed, and how long everything took', async () => {
      const before = await scrape();
      const { id } = newPerson();
      await gateway.signIn(id);
      await gateway.signIn(id);
      const browser = new Browser();
      await browser.get(await sandbox.deny(await gateway.startSignIn(browser)));
      await browser.get(`${gateway.gateway.url}/auth/dingtalk/dingtalk/callback?code=x&state=y`);
      const after = await scrape();
      const more = (name: string, labels: Record<string, string>): number =>
        after.sum(name, labels) - before.sum(name, labels);

      const authenticator = 'dingtalk';
      expect(more(SIGN_INS, { authenticator, outcome: 'success', match: 'registered', code: 'none' })).toBe(1);
      expect(more(SIGN_INS, { authenticator, outcome: 'success', match: 'bound', code: 'none' })).toBe(1);
      expect(more(SIGN_INS, { authenticator, outcome: 'failure', match: 'none', code: 'access_denied' })).toBe(1);
      expect(more(SIGN_INS, { authenticator, outcome: 'failure' })).toBe(2);
      expect(more('gateway_sign_ins_started_total', { authenticator })).toBe(3);
      expect(more('gateway_sign_in_duration_seconds_count', { authenticator, outcome: 'success' })).toBe(2);
      expect(more('gateway_sign_in_duration_seconds_sum', { authenticator, outcome: 'success' })).toBeGreaterThan(
        0.005,
      );
      for (const step of ['identify', 'match', 'issue']) {
        expect([step, more('gateway_sign_in_step_duration_seconds_count', { step, outcome: 'success' })]).toEqual([
          step,
          2,
        ]);
      }
      expect(more('gateway_sign_in_step_duration_seconds_count', { step: 'consume' })).toBe(3);
      const calls = 'gateway_upstream_request_duration_seconds_count';
      expect(more(calls, { upstream: 'DingTalk', operation: 'userAccessToken', outcome: 'ok' })).toBe(2);
      expect(more(calls, { upstream: 'NocoBase', operation: 'issuedTokens:create', outcome: 'ok' })).toBe(2);
      // The authenticator's name is in the address, but not in the label.
      expect(more(calls, { operation: 'authenticators/:name/users:create', outcome: 'ok' })).toBe(1);
    });

    it('includes the number of people at DingTalk, until they are back', async () => {
      const pending = async (): Promise<number> => (await scrape()).sum('gateway_sign_ins_pending');
      const before = await pending();
      const [one, two] = [new Browser(), new Browser()];
      const [first] = [await gateway.startSignIn(one), await gateway.startSignIn(two)];
      expect(await pending()).toBe(before + 2);
      const callback = await sandbox.deny(first);
      await one.get(callback);
      expect(await pending()).toBe(before + 1);
      await one.get(callback);
      expect(await pending()).toBe(before + 1);
    });

    it('shows a failing upstream: outcomes, retries, and the circuit breaker', async () => {
      const circuit = async (): Promise<number> => {
        return (await scrape()).sum('gateway_upstream_circuit_state', { upstream: 'NocoBase' });
      };
      const people = Array.from({ length: 8 }, newPerson);
      const before = await scrape();
      expect(before.sum('gateway_upstream_circuit_state', { upstream: 'NocoBase' })).toBe(0);
      toNocoBase.failOn('*', dropped);
      for (const { id } of people) expect((await gateway.signIn(id)).errorCode).toBe('temporarily_unavailable');
      const after = await scrape();
      expect(after.sum('gateway_upstream_circuit_state', { upstream: 'NocoBase' })).toBe(2);
      expect(after.sum('gateway_upstream_circuit_state', { upstream: 'DingTalk' })).toBe(0);
      const calls = 'gateway_upstream_request_duration_seconds_count';
      const labels = { upstream: 'NocoBase', operation: 'usersAuthenticators:list' };
      // Twenty failures in a row open the circuit; until then every call is tried three times.
      expect(after.sum(calls, { ...labels, outcome: 'unreachable' })).toBe(20);
      expect(after.sum(calls, { ...labels, outcome: 'refused' })).toBeGreaterThan(0);
      expect(after.sum('gateway_upstream_retries_total', labels)).toBe(13);
      expect(after.sum(SIGN_INS, { code: 'temporarily_unavailable' })).toBe(8);
      expect(after.sum('gateway_upstream_calls_running')).toBe(0);

      await eventually(async () => expect(await circuit()).toBe(1));
      toNocoBase.heal();
      expect((await gateway.signIn(people[0]?.id ?? '')).status).toBe(303);
      expect(await circuit()).toBe(0);
    });

    it('shows calls in progress', async () => {
      toNocoBase.failOn('usersAuthenticators:list', (request, response) => {
        request.resume();
        void delay(400).then(() => response.destroy());
      });
      const running = gateway.signIn(newPerson().id);
      let seen = 0;
      while (seen === 0) seen = (await scrape()).sum('gateway_upstream_calls_running', { upstream: 'NocoBase' });
      expect(seen).toBe(1);
      await running;
    });

    it('covers this gateway only, and counts rejected requests', async () => {
      const other = await start({ AUTH_RATE_LIMIT_PER_ADDRESS: '1' });
      await Promise.all([1, 2, 3].map(async () => new Browser().get(`${other.gateway.url}/auth/dingtalk`)));
      const [theirs, ours] = [await Scrape.of(other.gateway.url), await scrape()];
      await other.gateway.close();
      expect(theirs.sum('gateway_rate_limited_requests_total', { scope: 'address' })).toBe(2);
      expect(theirs.sum('gateway_sign_ins_started_total')).toBe(1);
      expect(ours.sum('gateway_rate_limited_requests_total')).toBe(0);
    });

    it('is under the path of PUBLIC_URL', async () => {
      const port = await freePort();
      const publicUrl = `http://127.0.0.1:${port}/sso`;
      const below = await start({}, { port, publicUrl });
      expect((await Scrape.of(publicUrl)).sum('gateway_build_info')).toBe(1);
      expect((await fetch(new URL('/metrics', publicUrl))).status).toBe(404);
      await below.gateway.close();
    });

    it('is absent if they are switched off, and people can sign in', async () => {
      const off = await start({ METRICS_ENABLED: 'false' });
      expect((await new Browser().get(`${off.gateway.url}/metrics`)).errorCode).toBe('not_found');
      expect((await off.signIn(newPerson().id)).status).toBe(303);
      await off.gateway.close();
    });
  });

  describe('in the traces', () => {
    let collector: OtlpCollector;

    beforeEach(async () => {
      collector = await OtlpCollector.start();
      for (const proxy of [toNocoBase, toDingTalk]) proxy.headers.length = proxy.calls.length = 0;
    });
    afterEach(async () => collector.close());

    /** Within a request; background work belongs to none. */
    const isOfRequest = ({ kind, parentSpanId = '' }: ReceivedSpan): boolean => kind === SERVER || parentSpanId !== '';
    const named = (name: string): ReceivedSpan => {
      const found = collector.spans.filter((span) => span.name === name && isOfRequest(span));
      if (found.length !== 1)
        throw new Error(`${found.length} spans ${name} of ${collector.spans.map((span) => span.name).join()}`);
      return found[0]!;
    };

    it('has a span for each step and each call, under their request', async () => {
      const traced = await start({
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_SERVICE_NAME: 'sign-in',
        OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=te%20st,service.name=other',
      });
      const { status } = await traced.signIn(newPerson().id);
      // Pending spans are sent when the process stops.
      await traced.gateway.close();

      expect(status).toBe(303);
      const root = named('GET /auth/dingtalk/:authenticator/callback');
      expect(root.kind).toBe(SERVER);
      expect(root.parentSpanId ?? '').toBe('');
      expect(attributesOf(root)).toEqual({
        'http.request.method': 'GET',
        'http.route': '/auth/dingtalk/:authenticator/callback',
        'gateway.authenticator': 'dingtalk',
        'gateway.request_id': expect.stringMatching(/^[0-9a-f-]{36}$/),
        'gateway.subject_hash': expect.stringMatching(/^[0-9a-f]{16}$/),
        'gateway.match': 'registered',
      });
      const tree = {
        consume: [],
        identify: ['DingTalk userAccessToken', 'DingTalk currentUser'],
        match: [
          'NocoBase usersAuthenticators:list',
          'NocoBase users:list',
          'NocoBase roles:list',
          'NocoBase authenticators/:name/users:create',
        ],
        issue: ['NocoBase issuedTokens:create'],
      };
      for (const [step, calls] of Object.entries(tree)) {
        const span = named(step);
        expect([step, span.kind, span.parentSpanId, span.traceId]).toEqual([step, INTERNAL, root.spanId, root.traceId]);
        for (const call of calls) {
          const { kind, parentSpanId, traceId } = named(call);
          expect([call, kind, parentSpanId, traceId]).toEqual([call, CLIENT, span.spanId, root.traceId]);
        }
      }
      const steps = Object.entries(tree).flatMap(([step, calls]) => [step, ...calls]);
      const ofTrace = collector.spans.filter(({ traceId }) => traceId === root.traceId).map(({ name }) => name);
      expect(ofTrace.toSorted()).toEqual([root.name, ...steps].toSorted());
      expect(attributesOf(named('NocoBase issuedTokens:create'))).toEqual({
        'peer.service': 'NocoBase',
        'server.address': '127.0.0.1',
        'http.request.method': 'POST',
      });
      expect(collector.resources[0]).toMatchObject({
        'service.name': 'sign-in',
        'service.version': expect.stringMatching(/^\d+\.\d+\.\d+$/),
        'deployment.environment': 'te st',
      });

      const line = traced.gateway.log.find(({ event }) => event === 'sign_in');
      expect(line).toMatchObject({ trace_id: root.traceId, requestId: attributesOf(root)['gateway.request_id'] });
      // NocoBase can continue the trace; DingTalk receives no trace header.
      const issued = toNocoBase.headers[toNocoBase.calls.indexOf('POST issuedTokens:create')];
      expect(issued?.['traceparent']).toBe(`00-${root.traceId}-${named('NocoBase issuedTokens:create').spanId}-01`);
      expect(toDingTalk.headers.length).toBeGreaterThanOrEqual(2);
      for (const headers of toDingTalk.headers) {
        expect(Object.keys(headers).filter((name) => /^trace|^baggage|^b3$|^x-b3/.test(name))).toEqual([]);
      }
    });

    it('shows what went wrong, in our terms, and where', async () => {
      const traced = await start({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/v1/traces` });
      toNocoBase.failOn('issuedTokens:create', (request, response) => {
        request.resume();
        response.writeHead(503, { 'content-type': 'application/json' }).end('{"errors":[{"message":"CANARY-ANSWER"}]}');
      });
      await traced.signIn(newPerson().id);
      const browser = new Browser();
      await browser.get(await sandbox.deny(await traced.startSignIn(browser)));
      await traced.gateway.close();

      const [failed, declined] = collector.spans.filter(({ kind }) => kind === SERVER);
      expect(attributesOf(failed!)).toMatchObject({
        'gateway.code': 'temporarily_unavailable',
        'error.type': 'temporarily_unavailable',
      });
      expect(failed?.status).toEqual({ code: 2 });
      expect(attributesOf(declined!)).toMatchObject({ 'gateway.code': 'access_denied' });
      expect(declined?.status.code ?? 0).toBe(0);
      expect(attributesOf(named('NocoBase issuedTokens:create'))).toMatchObject({
        'http.response.status_code': 503,
        'error.type': 'http_error',
      });
      expect(collector.text).not.toContain('CANARY-ANSWER');
    });

    it('links the trace of the incoming request, and does not continue it', async () => {
      const traced = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
      const [theirTrace, theirSpan] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];
      const callback = `${traced.gateway.url}/auth/dingtalk/dingtalk/callback?code=x&state=y`;
      for (const traceparent of [`00-${theirTrace}-${theirSpan}-00`, `00-${theirTrace}-CANARY-00`, '']) {
        await new Browser().get(callback, traceparent === '' ? {} : { traceparent });
      }
      await traced.gateway.close();

      const roots = collector.spans.filter(({ kind }) => kind === SERVER);
      expect(roots.map(({ links }) => links.map(({ traceId, spanId }) => [traceId, spanId]))).toEqual([
        [[theirTrace, theirSpan]],
        [],
        [],
      ]);
      for (const { traceId, parentSpanId } of roots)
        expect([traceId === theirTrace, parentSpanId ?? '']).toEqual([false, '']);
      expect(collector.text).not.toContain('CANARY');
    });

    it('is nothing, also in the log, if the sampler says so', async () => {
      process.env['OTEL_TRACES_SAMPLER'] = 'always_off';
      const traced = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }).finally(() => {
        delete process.env['OTEL_TRACES_SAMPLER'];
      });
      await traced.signIn(newPerson().id);
      await traced.gateway.close();
      expect(collector.spans).toEqual([]);
      expect(traced.gateway.log.find(({ event }) => event === 'sign_in')).not.toHaveProperty('trace_id');
    });

    it.each([
      ['OTEL_SDK_DISABLED', 'true'],
      ['OTEL_TRACES_EXPORTER', 'none'],
    ])('is nothing with %s=%s', async (name, value) => {
      const untraced = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, [name]: value });
      await untraced.signIn(newPerson().id);
      await untraced.gateway.close();
      expect(collector.spans).toEqual([]);
      expect(toNocoBase.headers.filter((headers) => 'traceparent' in headers)).toEqual([]);
    });

    it('affects no sign-in and no stop while the collector is down', async () => {
      await collector.close();
      const traced = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
      expect((await traced.signIn(newPerson().id)).status).toBe(303);
      await traced.gateway.close();
      collector = await OtlpCollector.start();
    });
  });

  it('names nobody, and contains no secret, code or token', async () => {
    const collector = await OtlpCollector.start();
    const traced = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    toDingTalk.headers.length = 0;
    const person = newPerson();
    const browser = new Browser();
    const authorization = await traced.startSignIn(browser, '/admin/canary-page');
    const [cookie] = [...browser.cookies.values()];
    const callback = await sandbox.approve(authorization, person.id);
    const end = await browser.get(callback);
    const metrics = (await Scrape.of(traced.gateway.url)).text;
    await traced.gateway.close();
    await collector.close();

    const query = new URL(callback).searchParams;
    const userTokens = toDingTalk.headers.map((headers) => headers['x-acs-dingtalk-access-token']).filter(Boolean);
    expect(userTokens).toHaveLength(1);
    const canaries = {
      name: person.name,
      mobile: person.mobile,
      unionId: person.unionId,
      code: query.get('code') ?? query.get('authCode'),
      state: query.get('state'),
      cookie,
      userToken: userTokens[0],
      session: handedOver(end.location).token,
      apiKey: nocobase.apiKey,
      jwtSecret: nocobase.jwtSecret,
      page: 'canary-page',
      corpId: 'dingcorp1',
    };
    expect(collector.spans.length).toBeGreaterThan(8);
    for (const [what, value] of Object.entries(canaries)) {
      expect([what, typeof value, String(value).length > 5]).toEqual([what, 'string', true]);
      for (const [where, text] of Object.entries({ metrics, traces: collector.text })) {
        expect([what, where, text.includes(String(value))]).toEqual([what, where, false]);
      }
    }
  });

  describe('in the files of deploy/observability', () => {
    const rules = z
      .object({
        groups: z.array(
          z.object({
            rules: z.array(
              z.object({
                alert: z.string(),
                expr: z.string(),
                labels: z.object({ severity: z.enum(['critical', 'warning']) }),
                annotations: z.object({ summary: z.string(), action: z.string() }),
              }),
            ),
          }),
        ),
      })
      .parse(parse(readFileSync(join(FILES, 'alerts.yaml'), 'utf8')))
      .groups.flatMap((group) => group.rules);
    const target = z.object({ expr: z.string(), datasource: z.object({ uid: z.literal('${datasource}') }) });
    const dashboard = z
      .object({
        panels: z.array(z.object({ title: z.string(), targets: z.array(target).default([]) })),
        templating: z.object({ list: z.array(z.object({ name: z.string(), definition: z.string().optional() })) }),
      })
      .parse(JSON.parse(readFileSync(join(FILES, 'grafana-dashboard.json'), 'utf8')));
    const variables = dashboard.templating.list.flatMap(({ name, definition }) => {
      const [, metric = '', label = ''] = /^label_values\((\w+), (\w+)\)$/.exec(definition ?? '') ?? [];
      return metric === '' ? [] : [[`variable ${name}`, `count by (${label}) (${metric})`] as const];
    });
    const expressions = [
      ...rules.map(({ alert, expr }) => [alert, expr] as const),
      ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
      ...variables,
    ];

    it('includes enough queries to check', () => {
      expect(rules.length).toBeGreaterThan(5);
      expect(expressions.length).toBeGreaterThan(30);
      expect(variables).toHaveLength(2);
    });

    it.each(expressions)('%s queries only metrics that a gateway has: %s', async (_name, expression) => {
      const { samples } = await Scrape.of(gateway.gateway.url);
      const { selectors, groupedBy } = read(expression);
      expect(selectors.length).toBeGreaterThan(0);
      const asked = selectors.flatMap(({ metric, matchers }) => {
        if (metric === 'up') return [];
        const series = samples.filter(({ name }) => name === metric);
        // All our series, if only for one label value, exist after the sign-ins above.
        expect([metric, series.length > 0]).toEqual([metric, true]);
        // Prometheus itself adds the source.
        const labels = new Set(['job', 'instance', ...series.flatMap((sample) => Object.keys(sample.labels))]);
        for (const { label, values } of matchers) {
          expect([metric, label, labels.has(label)]).toEqual([metric, label, true]);
          if (label === 'code' || (label === 'outcome' && metric.startsWith('gateway_sign_in'))) {
            const there = series.map((sample) => sample.labels[label] ?? '');
            expect([label, values.filter((value) => !there.includes(value))]).toEqual([label, []]);
          }
        }
        return [...labels];
      });
      for (const label of groupedBy)
        expect([label, [...asked, 'job', 'instance'].includes(label)]).toEqual([label, true]);
    });

    it('includes the remedy of each alert', () => {
      for (const { alert, annotations } of rules) {
        expect([alert, annotations.summary.length > 15, annotations.action.length > 40]).toEqual([alert, true, true]);
      }
    });
  });
});

describeWith('promtool', 'The alert rules', (promtool) => {
  const run = (...parameters: string[]): string => execFileSync(promtool, parameters, { cwd: FILES, encoding: 'utf8' });

  it('are valid', () => {
    expect(run('check', 'rules', 'alerts.yaml')).toContain('SUCCESS: 14 rules found');
  });

  it('fire when something is wrong, and only then', () => {
    expect(run('test', 'rules', 'alerts.test.yaml')).toContain('SUCCESS');
  });
});
