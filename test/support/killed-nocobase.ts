import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sandbox } from '../../sandbox/index.js';
import { freePort } from './free-port.js';
import { TestNocoBase, type TestLaunchOptions } from './nocobase.js';
import { launchWithPlugin } from './nocobase-plugin.js';

/** A NocoBase with the plugin that can be killed and restarted, at the same address and with its files. */
export class KilledNocoBase {
  private aheadMs = 0;

  private constructor(
    private readonly folder: string,
    private readonly options: TestLaunchOptions,
    private running: TestNocoBase,
  ) {}

  static async launch({ loginUrl, apiUrl, oapiUrl }: Sandbox): Promise<KilledNocoBase> {
    const folder = mkdtempSync(join(tmpdir(), 'killed-nocobase-'));
    const env = {
      NB_DIR: folder,
      DINGTALK_LOGIN_URL: loginUrl,
      DINGTALK_API_URL: apiUrl,
      DINGTALK_OAPI_URL: oapiUrl,
    };
    const options = { env, port: await freePort(), commands: true };
    return new KilledNocoBase(folder, options, await launchWithPlugin(options));
  }

  get now(): TestNocoBase {
    return this.running;
  }

  /** @param laterMs how much further ahead its clock is than before the kill */
  async startAgain(laterMs = 0): Promise<void> {
    this.aheadMs += laterMs;
    const env = { ...this.options.env, NB_CLOCK: String(this.aheadMs) };
    this.running = await TestNocoBase.launch({ ...this.options, env });
  }

  async stop(): Promise<void> {
    await this.running.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
