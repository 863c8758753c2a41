import { DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, startSandbox, type Sandbox } from './index.js';

export const CALLBACK = 'http://localhost:3000/callback';

export interface Reply {
  status: number;
  body: Record<string, unknown>;
}

/** A sandbox and a minimal DingTalk client, so that a spec reads as requests and responses. */
export class SpecClient {
  constructor(readonly sandbox: Sandbox) {
    this.#register();
  }

  reset(): void {
    this.sandbox.reset();
    this.#register();
  }

  /** `undefined` omits a parameter. */
  authorizationUrl(changes: Record<string, string | undefined> = {}): string {
    const parameters = {
      redirect_uri: CALLBACK,
      response_type: 'code',
      client_id: DEMO_CLIENT_ID,
      scope: 'openid',
      prompt: 'consent',
      state: 'st ate+&=',
      ...changes,
    };
    const present = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return `${this.sandbox.loginUrl}/oauth2/auth?${new URLSearchParams(present).toString()}`;
  }

  async signIn(personId: string, changes: Record<string, string | undefined> = {}, corpId?: string): Promise<string> {
    const location = await this.sandbox.approve(this.authorizationUrl(changes), personId, corpId);
    return new URL(location).searchParams.get('authCode') ?? '';
  }

  exchange(code: string, changes: object = {}): Promise<Reply> {
    return this.post('/api/v1.0/oauth2/userAccessToken', {
      clientId: DEMO_CLIENT_ID,
      clientSecret: DEMO_CLIENT_SECRET,
      code,
      grantType: 'authorization_code',
      ...changes,
    });
  }

  async userToken(personId: string): Promise<string> {
    return String((await this.exchange(await this.signIn(personId))).body['accessToken']);
  }

  async appToken(): Promise<string> {
    const body = { appKey: DEMO_CLIENT_ID, appSecret: DEMO_CLIENT_SECRET };
    return String((await this.post('/api/v1.0/oauth2/accessToken', body)).body['accessToken']);
  }

  me(token: string): Promise<Reply> {
    return this.get('/api/v1.0/contact/users/me', { 'x-acs-dingtalk-access-token': token });
  }

  topapi(method: string, token: string, fields: Record<string, string>): Promise<Reply> {
    return this.request(`/oapi/topapi/${method}?access_token=${token}`, {
      method: 'POST',
      body: new URLSearchParams(fields),
    });
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Reply> {
    return this.request(path, { headers });
  }

  post(path: string, body: unknown): Promise<Reply> {
    return this.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  async request(path: string, init: RequestInit): Promise<Reply> {
    const response = await fetch(`${this.sandbox.url}${path}`, { redirect: 'manual', ...init });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  #register(): void {
    this.sandbox.world.app(DEMO_CLIENT_ID).redirectUris.push(CALLBACK, `${CALLBACK}?tenant=a%20b`);
  }
}

export async function startSpecClient(): Promise<SpecClient> {
  return new SpecClient(await startSandbox());
}
