import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sandbox } from '../../sandbox/index.js';
import { freePort } from './free-port.js';
import { TestNocoBase, type TestLaunchOptions } from './nocobase.js';
import { launchWithPlugin } from './nocobase-plugin.js';

/** Longer than a hint waits for whoever noted it (`LeaverWatch`), and than the brake counts a lock. */
const LATER_MS = 3_700_000;

/** A NocoBase with the plugin that is killed, and starts again at the same address with what it had written. */
export class KilledNocoBase {
  private starts = 1;

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

  /** With a clock that is ahead, so that nobody has to wait for what it takes up again. */
  async startAgain(): Promise<void> {
    const env = { ...this.options.env, NB_CLOCK: String(LATER_MS * this.starts) };
    this.starts += 1;
    this.running = await TestNocoBase.launch({ ...this.options, env });
  }

  async stop(): Promise<void> {
    await this.running.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
