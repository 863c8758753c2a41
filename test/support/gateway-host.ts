import { DEMO_CLIENT_ID } from '../../sandbox/index.js';
import { type Answer, Browser } from './browser.js';
import { freePort } from './free-port.js';
import { NocoBaseProxy } from './nocobase-proxy.js';
import { TestNocoBase } from './nocobase.js';
import { rawRequest } from './raw-request.js';
import { type End, everythingIn, type Shown, type SignInHost } from './sign-in-host.js';
import { handedOver, SignInCase } from './sign-in-case.js';

const IOS = {
  'user-agent': 'Mozilla/5.0 (iPhone) Mobile/15E148 AliApp(DingTalk/7.8.1) com.laiwang.DingTalk/46766536',
};

/** A gateway at a stock NocoBase: from source, or the shipped program. */
export class GatewayHost implements SignInHost {
  private constructor(
    readonly nocobase: TestNocoBase,
    private readonly proxy: NocoBaseProxy,
    private readonly testCase: SignInCase,
    private readonly authenticator: string,
    private readonly opened: (() => Promise<void>)[],
  ) {}

  static async launch(): Promise<GatewayHost> {
    const nocobase = await TestNocoBase.launch();
    const proxy = await NocoBaseProxy.before(nocobase.url);
    const testCase = await SignInCase.start(environment(nocobase, proxy));
    const end = async (): Promise<void> => {
      await Promise.all([testCase.close(), proxy.close()]);
      await nocobase.stop();
    };
    return new GatewayHost(nocobase, proxy, testCase, 'dingtalk', [end]);
  }

  get sandbox(): SignInCase['sandbox'] {
    return this.testCase.sandbox;
  }

  get startUrl(): string {
    return `${this.testCase.gateway.url}/auth/dingtalk/${this.authenticator}`;
  }

  get callbackUrl(): string {
    return `${this.startUrl}/callback`;
  }

  async start(browser: Browser, query = ''): Promise<string> {
    return (await browser.get(`${this.startUrl}?${query}`)).location;
  }

  async finish(browser: Browser, answer: string): Promise<End> {
    const end = await browser.get(`${this.callbackUrl}?${answer}`);
    return end.status === 303 ? this.signedIn(end, end.location) : this.failed(end, end.errorCode);
  }

  async openInApp(browser: Browser, query = ''): Promise<string> {
    const { text } = await browser.get(`${this.startUrl}/in-app?${query}`, IOS);
    return /data-state="([\w-]{43})"/.exec(text)![1]!;
  }

  async finishInApp(browser: Browser, answer: { code?: string; state?: string }): Promise<End> {
    const headers = {
      origin: new URL(this.startUrl).origin,
      'content-type': 'application/json',
      accept: 'application/json',
    };
    const end = await browser.post(`${this.startUrl}/in-app`, headers, JSON.stringify(answer));
    const { location, error } = JSON.parse(end.text) as { location?: string; error?: string };
    return location === undefined ? this.failed(end, error) : this.signedIn(end, location);
  }

  async other(): Promise<SignInHost> {
    return this.another({ NOCOBASE_AUTHENTICATOR: 'other' }, {}, 'other');
  }

  async cookiesAt(publicUrl: string): Promise<readonly string[]> {
    const port = await freePort();
    await this.another({}, { publicUrl, port });
    const { pathname } = new URL(publicUrl);
    const url = `http://127.0.0.1:${port}${pathname.replace(/\/$/, '')}/auth/dingtalk`;
    return (await rawRequest(url)).headers['set-cookie'] ?? [];
  }

  asked(): readonly string[] {
    return this.proxy.asked;
  }

  forget(): void {
    this.sandbox.requests.length = 0;
    this.proxy.calls.length = 0;
  }

  later = laterHere;

  get shown(): readonly Shown[] {
    const { url } = this.testCase.gateway;
    return [
      { what: 'the sign-in page', status: 200, url: `${url}/` },
      { what: 'the start', status: 302, url: this.startUrl },
      { what: 'the page inside DingTalk', status: 200, url: `${this.startUrl}/in-app`, headers: IOS },
      { what: 'an error', status: 400, url: `${this.callbackUrl}?code=x` },
      { what: 'an error as JSON', status: 400, url: `${this.callbackUrl}?code=x`, headers: JSON_WANTED },
      { what: 'an unknown authenticator', status: 404, url: `${url}/auth/dingtalk/nobody` },
      { what: 'a page that does not exist', status: 404, url: `${url}/nothing-here` },
      { what: 'an address that cannot be decoded', status: 400, url: `${url}/%zz` },
    ];
  }

  async close(): Promise<void> {
    for (const end of this.opened.toReversed()) await end();
  }

  private async another(
    changes: Record<string, string>,
    listen: { port?: number; publicUrl?: string },
    authenticator = this.authenticator,
  ): Promise<GatewayHost> {
    const { nocobase, proxy, sandbox } = this;
    const other = await SignInCase.start(environment(nocobase, proxy, changes), { sandbox, ...listen });
    this.opened.push(() => other.gateway.close());
    const host = new GatewayHost(nocobase, proxy, other, authenticator, []);
    sandbox.world.app(DEMO_CLIENT_ID).redirectUris.push(host.callbackUrl);
    return host;
  }

  private signedIn(end: Answer, location: string): End {
    const { url, token } = handedOver(location);
    for (const name of ['token', 'authenticator']) url.searchParams.delete(name);
    const everything = everythingIn(end);
    return { status: end.status, error: undefined, landing: url, token, wanted: undefined, everything };
  }

  private failed(end: Answer, error = 'no error'): End {
    const [, wanted] = /redirect=([^"&]+)/.exec(end.text) ?? [];
    return {
      status: end.status,
      error,
      landing: undefined,
      token: undefined,
      wanted: wanted === undefined ? undefined : decodeURIComponent(wanted),
      everything: everythingIn(end),
    };
  }
}

const JSON_WANTED = { accept: 'application/json' };

function environment(
  nocobase: TestNocoBase,
  proxy: NocoBaseProxy,
  changes: Record<string, string> = {},
): Record<string, string> {
  return {
    ...nocobase.environment,
    NOCOBASE_URL: proxy.url,
    NOCOBASE_PUBLIC_URL: nocobase.url,
    AUTH_COOKIE_SECRET: 'the-cookie-secret-that-several-gateways-share',
    AUTH_RATE_LIMIT_PER_ADDRESS: '0',
    // A slow machine is no failure of DingTalk's.
    DINGTALK_TIMEOUT_MS: '12000',
    DINGTALK_CORP_ID: 'dingcorp1',
    DINGTALK_AUTO_SIGN_UP: 'true',
    ...changes,
  };
}

/** Moves the time of day only: no timer. */
async function laterHere<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  jest.useFakeTimers({
    now: Date.now() + milliseconds,
    doNotFake: [
      ...(['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
      ...(['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const),
    ],
  });
  try {
    return await work();
  } finally {
    jest.useRealTimers();
  }
}
