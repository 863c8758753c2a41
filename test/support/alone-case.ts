import {
  DEMO_CLIENT_ID,
  DEMO_CLIENT_SECRET,
  DEMO_CORP_ID,
  type NewPerson,
  type Operation,
  type Sandbox,
  startSandbox,
} from '../../sandbox/index.js';
import { callbackUrl } from '../../src/core/plugin-protocol/index.js';
import type { TestLaunchOptions, TestNocoBase } from './nocobase.js';
import { launchWithPlugin } from './nocobase-plugin.js';
import { PluginBrowser, type Redeemed } from './plugin-browser.js';

export interface AloneOptions extends TestLaunchOptions {
  /** Options of the authenticator, on top of those that every form fills in. */
  readonly settings?: object;
  readonly sandbox?: Sandbox;
}

/** What the leaver watches ask DingTalk by themselves, at any time. */
const OF_WATCHES: readonly (string | null)[] = ['appAccessToken', 'leaveRecords', 'openStream'] satisfies Operation[];

/** The header that passes on DingTalk's answer. */
export type AnswerHeader = 'x-dingtalk-answer' | 'x-dingtalk-in-app';

/**
 * A NocoBase whose plugin signs people in by itself, with the DingTalk sandbox, so that tests read as sentences: `await
 * alone.signIn('li-lei', { redirect: '/admin/x' })`.
 */
export class AloneCase {
  private constructor(
    readonly sandbox: Sandbox,
    readonly nocobase: TestNocoBase,
    private readonly app: string,
  ) {}

  static async start({ settings = {}, sandbox, env = {}, ...launch }: AloneOptions = {}): Promise<AloneCase> {
    const dingtalk = sandbox ?? (await startSandbox());
    const nocobase = await launchWithPlugin({
      ...launch,
      env: {
        DINGTALK_LOGIN_URL: dingtalk.loginUrl,
        DINGTALK_API_URL: dingtalk.apiUrl,
        DINGTALK_OAPI_URL: dingtalk.oapiUrl,
        ...env,
      },
    });
    const alone = new AloneCase(dingtalk, nocobase, 'main');
    await alone.configure('dingtalk', settings);
    return alone;
  }

  /** For a NocoBase that is already configured. */
  static at(nocobase: TestNocoBase, sandbox: Sandbox): AloneCase {
    return new AloneCase(sandbox, nocobase, 'main');
  }

  get browser(): PluginBrowser {
    return new PluginBrowser(`${this.nocobase.url}/api`);
  }

  options(changes: object = {}): object {
    return {
      signInBy: 'nocobase',
      nocobaseUrl: this.nocobase.url,
      clientId: DEMO_CLIENT_ID,
      clientSecret: DEMO_CLIENT_SECRET,
      corpIds: [DEMO_CORP_ID],
      autoSignUp: true,
      ...changes,
    };
  }

  /** For the authenticator that every NocoBase of the tests has. */
  async configure(name: string, changes: object, row: object = {}): Promise<void> {
    const values = { enabled: true, options: this.options(changes), ...row };
    await this.nocobase.call('POST', `authenticators:update?filter=${JSON.stringify({ name })}`, values);
    this.register(name);
  }

  async add(name: string, changes: object = {}, row: object = {}): Promise<number> {
    const options = this.options(changes);
    const values = { name, authType: 'DingTalk', title: name, enabled: true, options, ...row };
    this.register(name);
    return (await this.nocobase.call<{ id: number }>('POST', 'authenticators:create', values)).id;
  }

  /** Number of requests to DingTalk, without those that the leaver watches make meanwhile. */
  get requests(): number {
    return this.sandbox.requests.filter(({ operation }) => !OF_WATCHES.includes(operation)).length;
  }

  addPerson(person: NewPerson): void {
    this.sandbox.world.addPerson(person);
  }

  callbackOf(name: string): string {
    return callbackUrl(this.nocobase.url, { app: this.app }, name);
  }

  /** To DingTalk, through its consent page, and back: DingTalk's answer as the redirect URL receives it. */
  async answerFor(
    personId: string,
    own: PluginBrowser,
    query: Record<string, string> = {},
    corpId?: string,
  ): Promise<string> {
    const { location } = await own.start(query);
    return new URL(await this.sandbox.approve(location.href, personId, corpId)).search.slice(1);
  }

  /** A complete sign-in, up to NocoBase's answer at its end. */
  async signIn(
    personId: string,
    { own = this.browser, authenticator = 'dingtalk', corpId, ...query }: SignInQuery = {},
  ): Promise<Redeemed> {
    const answer = await this.answerFor(personId, own, { authenticator, ...query }, corpId);
    return own.bring(answer, authenticator);
  }

  async close(): Promise<void> {
    await this.nocobase.stop();
    await this.sandbox.close();
  }

  private register(name: string): void {
    this.sandbox.world.app(DEMO_CLIENT_ID).redirectUris.push(this.callbackOf(name));
  }
}

interface SignInQuery {
  readonly own?: PluginBrowser;
  readonly authenticator?: string;
  readonly redirect?: string;
  readonly corpId?: string;
}
