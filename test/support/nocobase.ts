import { installRealNocoBase, launchRealNocoBase, type LaunchOptions } from '../../real-nocobase/launch.mjs';

export interface SeededUser {
  readonly nickname: string;
  readonly phone?: string;
  readonly email?: string;
  readonly username?: string;
  readonly roles?: readonly string[];
}

/** A real NocoBase, with the few calls that a test looks at it or prepares it with. */
export class TestNocoBase {
  private constructor(
    readonly url: string,
    readonly apiKey: string,
    readonly jwtSecret: string,
    readonly root: { account: string; password: string },
    readonly stop: () => Promise<void>,
  ) {}

  static async launch(options: LaunchOptions = {}): Promise<TestNocoBase> {
    await installRealNocoBase();
    const running = await launchRealNocoBase({ authenticator: 'dingtalk', ...options });
    return new TestNocoBase(running.url, running.apiKey, running.jwtSecret, running.root, () => running.stop());
  }

  /** The variables that point a gateway at this NocoBase. */
  get environment(): Record<string, string> {
    return { NOCOBASE_URL: this.url, NOCOBASE_API_TOKEN: this.apiKey, NOCOBASE_JWT_SECRET: this.jwtSecret };
  }

  async addUser(user: SeededUser): Promise<number> {
    return (await this.call<{ id: number }>('POST', 'users:create', user)).id;
  }

  async userByPhone(phone: string): Promise<Record<string, unknown>[]> {
    return this.list('users', { phone }, 'id,nickname,phone,email,username', 'roles');
  }

  async bindingsOf(uuid: string): Promise<Record<string, unknown>[]> {
    return this.list('usersAuthenticators', { uuid, authenticator: 'dingtalk' }, 'userId,uuid,nickname');
  }

  async list(resource: string, filter: object, fields: string, appends?: string): Promise<Record<string, unknown>[]> {
    const query = new URLSearchParams({ filter: JSON.stringify(filter), fields, paginate: 'false' });
    if (appends) query.set('appends', appends);
    return this.call('GET', `${resource}:list?${query.toString()}`);
  }

  /** Who a session belongs to, as NocoBase says; throws when it does not accept the token. */
  async whoIs(token: string, authenticator: string): Promise<{ id: number; nickname: string }> {
    return this.call('GET', 'auth:check', undefined, {
      authorization: `Bearer ${token}`,
      'x-authenticator': authenticator,
    });
  }

  async call<T>(method: string, action: string, body?: object, headers: Record<string, string> = {}): Promise<T> {
    const response = await fetch(`${this.url}/api/${action}`, {
      method,
      headers: { authorization: `Bearer ${this.apiKey}`, 'content-type': 'application/json', ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${action}: HTTP ${response.status} ${text}`);
    return (JSON.parse(text) as { data: T }).data;
  }
}
