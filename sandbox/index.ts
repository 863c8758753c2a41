import type { AddressInfo } from 'node:net';
import { Browser } from './browser.js';
import { Clock } from './clock.js';
import { EventHub } from './events/event-hub.js';
import { PushSender } from './events/push-sender.js';
import { StreamDesk } from './events/stream-desk.js';
import { CodePool, type BrowserGrant, type InAppGrant } from './codes.js';
import { Failures } from './failures.js';
import { Later, type Moment } from './later.js';
import { Ids } from './ids.js';
import type { RecordedRequest } from './recorded-request.js';
import { seedWorld } from './seed.js';
import { createSandboxServer } from './server.js';
import { Tokens } from './tokens.js';
import { World } from './world.js';

export type { Failure } from './failures.js';
export type { Operation } from './operations.js';
export type { RecordedRequest } from './recorded-request.js';
export type * from './world.types.js';
export { GONE_CODES, LEAVE_REASONS } from './world.types.js';
export { addCrowd, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_CORP_ID, OTHER_CORP_ID } from './seed.js';
export { OPERATIONS } from './operations.js';
export { Failures } from './failures.js';
export { World } from './world.js';

export interface SandboxOptions {
  /** 0 selects a free port. */
  port?: number;
  host?: string;
  /** The same seed produces the same unionIds, openIds, userids and the same series of codes and tokens. */
  seed?: string;
}

export interface Sandbox {
  url: string;
  /** Base addresses for DINGTALK_LOGIN_URL, DINGTALK_API_URL and DINGTALK_OAPI_URL. */
  loginUrl: string;
  apiUrl: string;
  oapiUrl: string;
  world: World;
  failures: Failures;
  requests: RecordedRequest[];
  clock: { now: () => number; advance: (ms: number) => void };
  /** How DingTalk reports changes: over the application's connection, or by calls to its address. */
  events: EventHub;
  stream: StreamDesk;
  push: PushSender;
  /** Runs a change of the world after a number of answered calls, before the next one. */
  after: (moment: Moment, change: () => void) => void;
  /** Signs the person in on the consent page and returns the callback address it leads to. */
  approve: (authorizationUrl: string, personId: string, corpId?: string) => Promise<string>;
  deny: (authorizationUrl: string) => Promise<string>;
  /** Resets to the seeded world; codes, tokens, failures and the request log are deleted. */
  reset: () => void;
  close: () => Promise<void>;
}

/** Replaces login.dingtalk.com, api.dingtalk.com and oapi.dingtalk.com, under one address with three prefixes. */
export async function startSandbox({
  port = 0,
  host = '127.0.0.1',
  seed = 'sandbox',
}: SandboxOptions = {}): Promise<Sandbox> {
  const clock = new Clock();
  const ids = new Ids(seed);
  const browserCodes = new CodePool<BrowserGrant>(ids, clock);
  const inAppCodes = new CodePool<InAppGrant>(ids, clock);
  const tokens = new Tokens(ids, clock);
  const world = new World(ids, inAppCodes, clock);
  const failures = new Failures();
  const later = new Later();
  const stream = new StreamDesk(world, ids, clock);
  const push = new PushSender(ids, clock);
  const events = new EventHub(world, stream, push, ids, clock);
  const requests: RecordedRequest[] = [];

  const reset = (): void => {
    for (const part of [world, browserCodes, inAppCodes, tokens, failures, later, stream, push, events]) part.clear();
    requests.length = 0;
    clock.reset();
    seedWorld(world);
  };
  reset();

  const state = { world, browserCodes, inAppCodes, tokens, stream };
  const server = createSandboxServer({
    ids,
    state,
    world,
    failures,
    requests,
    clock,
    later,
    stream,
    push,
    events,
    reset,
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });

  const url = addressOf(host, (server.address() as AddressInfo).port);
  const loginUrl = `${url}/login`;
  const browser = new Browser(loginUrl);
  return {
    url,
    loginUrl,
    apiUrl: `${url}/api`,
    oapiUrl: `${url}/oapi`,
    world,
    failures,
    requests,
    clock: { now: () => clock.now(), advance: (ms) => clock.advance(ms) },
    events,
    stream,
    push,
    after: (moment, change) => later.after(moment, change),
    approve: (authorizationUrl, personId, corpId) => browser.approve(authorizationUrl, personId, corpId),
    deny: (authorizationUrl) => browser.deny(authorizationUrl),
    reset,
    close: () =>
      new Promise((resolve, reject) => {
        stream.drop();
        clock.reset();
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/** A server that listens on all interfaces is reached on the loopback address. */
function addressOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
