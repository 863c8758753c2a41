import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  installRealNocoBase,
  launchRealNocoBase,
  type LaunchOptions,
  type PluginOptions,
  type RealNocoBase,
} from '../../real-nocobase/launch.mjs';
import { oncePerRun } from './once-per-run.js';

export interface SeededUser {
  readonly nickname: string;
  readonly phone?: string;
  readonly email?: string;
  readonly username?: string;
  readonly roles?: readonly string[];
}

export interface TestLaunchOptions extends LaunchOptions {
  /** A separate process, for a suite that stops or breaks it. */
  ownProcess?: boolean;
}

/** `test/support/worker/environment.mjs` */
declare global {
  var leaseNocoBase: (plugin?: PluginOptions) => Promise<RealNocoBase>;
}

/** The worker lends one with the usual options; it serves the web clients. */
function canBeLent({ ownProcess = false, ...options }: TestLaunchOptions): boolean {
  return !ownProcess && Object.keys(options).every((name) => name === 'web');
}

/**
 * What remains of a NocoBase after its first start, with which others of its kind begin: that takes less than half the time.
 *
 * @returns a folder; undefined if such a start depends on more than these options
 */
function firstStart({ database, as, appKey, env, ...options }: LaunchOptions): string | undefined {
  if (database !== undefined || as !== undefined || appKey !== undefined) return undefined;
  const { NB_DIR: own } = env ?? {};
  if (own !== undefined && existsSync(join(own, 'nocobase.sqlite'))) return undefined;
  const { authenticator, subApp, plugin, web = false } = options;
  const parts = ['nocobase', web && 'web', authenticator, subApp, plugin?.packageName.split('/').at(-1)];
  const script = resolve(__dirname, 'worker/first-start.mjs');
  return oncePerRun(parts.filter(Boolean).join('-'), (folder) => {
    const parameters = [folder, JSON.stringify({ authenticator, subApp, plugin, web })];
    execFileSync(process.execPath, [script, ...parameters], { stdio: ['ignore', 'ignore', 'inherit'] });
  });
}

/** A real NocoBase, with the few calls by which tests inspect or prepare it. */
export class TestNocoBase {
  private constructor(
    readonly url: string,
    readonly api: string,
    readonly apiKey: string,
    readonly jwtSecret: string,
    readonly root: { account: string; password: string },
    /** A lent one keeps running, for the next suite. */
    readonly stop: () => Promise<void>,
    /** From now on its clock is ahead by this much. */
    readonly moveClock: (milliseconds: number) => Promise<void>,
    /** Kills its process; only for one with `ownProcess` or options of its own. */
    readonly death: Pick<RealNocoBase, 'kill' | 'killBefore' | 'ended'>,
  ) {}

  /**
   * Indistinguishable from one that a suite installs itself: a lent one was reset to its initial state.
   *
   * @param plugin installed in each of its applications; none: a NocoBase without it
   */
  static async launch(options: TestLaunchOptions = {}, plugin?: PluginOptions): Promise<TestNocoBase> {
    if (canBeLent(options)) return TestNocoBase.of(await globalThis.leaseNocoBase(plugin));
    const { ownProcess: _ownProcess, ...own } = options;
    const launch = { authenticator: 'dingtalk', plugin, ...own };
    await installRealNocoBase();
    return TestNocoBase.of(await launchRealNocoBase({ ...launch, from: firstStart(launch) }));
  }

  private static of(running: RealNocoBase): TestNocoBase {
    const { url, api, apiKey, jwtSecret, root } = running;
    const moveClock = async (milliseconds: number): Promise<void> => running.moveClock(milliseconds);
    return new TestNocoBase(url, api, apiKey, jwtSecret, root, () => running.stop(), moveClock, running);
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

  /** Whom a session belongs to, according to NocoBase; throws if it does not accept the token. */
  async whoIs(token: string, authenticator: string): Promise<{ id: number; nickname: string }> {
    return this.call('GET', 'auth:check', undefined, {
      authorization: `Bearer ${token}`,
      'x-authenticator': authenticator,
    });
  }

  async call<T>(method: string, action: string, body?: object, headers: Record<string, string> = {}): Promise<T> {
    const response = await fetch(`${this.api}/${action}`, {
      method,
      headers: { authorization: `Bearer ${this.apiKey}`, 'content-type': 'application/json', ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${action}: HTTP ${response.status} ${text}`);
    return (JSON.parse(text) as { data: T }).data;
  }
}
