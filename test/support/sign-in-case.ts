import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, type NewPerson, type Sandbox, startSandbox } from '../../sandbox/index.js';
import { type Answer, Browser } from './browser.js';
import { type RunningGateway, startGateway } from './gateway.js';

/**
 * A gateway between the DingTalk sandbox and a NocoBase, so that tests read as sentences: `await testCase.signIn('li-lei', {
 * redirect: '/admin/x' })`.
 */
export class SignInCase {
  private constructor(
    readonly sandbox: Sandbox,
    readonly gateway: RunningGateway,
  ) {}

  static async start(
    environment: Record<string, string>,
    { sandbox, ...listen }: { sandbox?: Sandbox; port?: number; publicUrl?: string } = {},
  ): Promise<SignInCase> {
    const dingtalk = sandbox ?? (await startSandbox());
    const gateway = await startGateway(
      {
        DINGTALK_CLIENT_ID: DEMO_CLIENT_ID,
        DINGTALK_CLIENT_SECRET: DEMO_CLIENT_SECRET,
        DINGTALK_LOGIN_URL: dingtalk.loginUrl,
        DINGTALK_API_URL: dingtalk.apiUrl,
        DINGTALK_OAPI_URL: dingtalk.oapiUrl,
        ...environment,
      },
      listen,
    );
    const app = dingtalk.world.app(DEMO_CLIENT_ID);
    app.redirectUris.push(`${gateway.url}/auth/dingtalk/dingtalk/callback`);
    return new SignInCase(dingtalk, gateway);
  }

  addPerson(person: NewPerson): void {
    this.sandbox.world.addPerson(person);
  }

  /** The redirect to DingTalk. */
  async startSignIn(browser: Browser, redirect?: string): Promise<string> {
    const query = redirect === undefined ? '' : `?${new URLSearchParams({ redirect }).toString()}`;
    return (await browser.get(`${this.gateway.url}/auth/dingtalk${query}`)).location;
  }

  /** A complete sign-in: to DingTalk, through its consent page, and back to the gateway's answer at the end. */
  async signIn(
    personId: string,
    { browser = new Browser(), redirect, corpId }: { browser?: Browser; redirect?: string; corpId?: string } = {},
  ): Promise<Answer> {
    const callback = await this.sandbox.approve(await this.startSignIn(browser, redirect), personId, corpId);
    return browser.get(callback);
  }

  async close(): Promise<void> {
    await Promise.all([this.gateway.close(), this.sandbox.close()]);
  }
}

/** Token and authenticator of a `query` hand-off. */
export function handedOver(location: string): { token: string; authenticator: string; url: URL } {
  const url = new URL(location);
  return {
    token: url.searchParams.get('token') ?? '',
    authenticator: url.searchParams.get('authenticator') ?? '',
    url,
  };
}
