import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sandbox } from '../../sandbox/index.js';
import { freePort } from './free-port.js';
import { TestNocoBase, type TestLaunchOptions } from './nocobase.js';
import { launchWithPlugin } from './nocobase-plugin.js';

/** Longer than the lease on hints (`LeaverWatch`), and than the hour in which the brake counts locks. */
const LATER_MS = 3_700_000;

/** A NocoBase with the plugin that can be killed and restarted, at the same address and with its files. */
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

  /** With its clock ahead, so that it resumes pending work without delay. */
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
