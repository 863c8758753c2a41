import { randomInt } from 'node:crypto';
import { DEMO_CORP_ID } from '../../sandbox/index.js';
import { AloneCase, type AnswerHeader } from './alone-case.js';
import { type Answer, Browser } from './browser.js';
import { type End, everythingIn, type Shown, type SignInHost } from './sign-in-host.js';

/** A NocoBase whose plugin signs people in by itself. */
export class AloneHost implements SignInHost {
  private constructor(
    private readonly alone: AloneCase,
    private readonly authenticator: string,
  ) {}

  static async launch(): Promise<AloneHost> {
    const alone = await AloneCase.start({
      settings: { requestsPerMinute: 0 },
      commands: true,
      // A slow machine is no failure of DingTalk's.
      env: { DINGTALK_TIMEOUT_MS: '12000' },
    });
    return new AloneHost(alone, 'dingtalk');
  }

  get sandbox(): AloneCase['sandbox'] {
    return this.alone.sandbox;
  }

  get nocobase(): AloneCase['nocobase'] {
    return this.alone.nocobase;
  }

  get startUrl(): string {
    return this.startOf(this.authenticator);
  }

  get callbackUrl(): string {
    return this.alone.callbackOf(this.authenticator);
  }

  async start(browser: Browser, query = ''): Promise<string> {
    const { location } = await browser.get(`${this.startUrl}&${query}`);
    return new URL(location, this.nocobase.url).href;
  }

  async finish(browser: Browser, answer: string): Promise<End> {
    return this.bring(browser, 'x-dingtalk-answer', answer);
  }

  async openInApp(browser: Browser, query = ''): Promise<string> {
    const { text } = await browser.get(`${this.startUrl}&flow=in-app&${query}`);
    return /data-state="([\w-]{43})"/.exec(text)![1]!;
  }

  async finishInApp(browser: Browser, answer: { code?: string; state?: string }): Promise<End> {
    return this.bring(browser, 'x-dingtalk-in-app', new URLSearchParams(answer).toString());
  }

  async other(): Promise<SignInHost> {
    const name = `other-${randomInt(1e9)}`;
    await this.alone.add(name, { requestsPerMinute: 0 });
    return new AloneHost(this.alone, name);
  }

  async cookiesAt(publicUrl: string): Promise<readonly string[]> {
    const name = `at-${randomInt(1e9)}`;
    await this.alone.add(name, { nocobaseUrl: publicUrl });
    const { host, protocol } = new URL(publicUrl);
    const headers = { 'x-forwarded-host': host, 'x-forwarded-proto': protocol.slice(0, -1) };
    return (await new Browser().get(this.startOf(name), headers)).headers.getSetCookie();
  }

  asked(): readonly string[] {
    return [];
  }

  forget(): void {
    this.sandbox.requests.length = 0;
  }

  async later<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
    await this.nocobase.moveClock(milliseconds);
    try {
      return await work();
    } finally {
      await this.nocobase.moveClock(0);
    }
  }

  get shown(): readonly Shown[] {
    return [
      { what: 'the start', status: 302, url: this.startUrl },
      { what: 'the page inside DingTalk', status: 200, url: `${this.startUrl}&flow=in-app&corpId=${DEMO_CORP_ID}` },
      { what: 'the page at the callback', status: 200, url: `${this.callbackUrl}?code=x&state=y` },
      { what: 'an unknown authenticator', status: 302, url: this.startOf('nobody') },
    ];
  }

  async close(): Promise<void> {
    await this.alone.close();
  }

  private startOf(authenticator: string): string {
    return `${this.nocobase.url}/api/dingtalk:start?authenticator=${authenticator}`;
  }

  private async bring(browser: Browser, header: AnswerHeader, answer: string): Promise<End> {
    const headers = { 'x-authenticator': this.authenticator, [header]: answer };
    return this.endOf(await browser.post(`${this.nocobase.url}/api/auth:signIn`, headers));
  }

  private endOf(end: Answer): End {
    const { data, errors } = JSON.parse(end.text) as {
      data?: { token: string; redirect: string };
      errors?: [{ code: string }];
    };
    const wanted = end.headers.get('x-dingtalk-return-path');
    return {
      status: end.status,
      error: errors?.[0].code,
      landing: data === undefined ? undefined : new URL(data.redirect, this.nocobase.url),
      token: data?.token,
      wanted: wanted === null ? undefined : decodeURI(wanted),
      everything: everythingIn(end),
    };
  }
}
