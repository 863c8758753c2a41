import type { Browser, Page } from 'playwright-core';
import { DingTalkClient, type DingTalkClientOptions } from '../../sandbox/dingtalk-client/index.js';
import type { Sandbox } from '../../sandbox/index.js';
import { asNew } from './chromium.js';

interface Opened {
  readonly client: DingTalkClient;
  readonly page: Page;
}

/** DingTalk's app with its web view, one for each platform and version: new for each test, except as `asNew` says. */
export class KeptDingTalk {
  private readonly kept = new Map<string, Opened>();

  constructor(private readonly browser: Browser) {}

  /**
   * @param light as in `asNew`, the first entry of the web view's history
   * @param others as in `asNew`
   */
  async open(
    sandbox: Sandbox,
    options: DingTalkClientOptions,
    light: string,
    others?: readonly string[],
  ): Promise<Opened> {
    const kind = `${options.platform} ${options.version ?? ''}`;
    const opened = this.kept.get(kind) ?? (await this.install(sandbox, options));
    this.kept.set(kind, opened);
    opened.client.reinstall(sandbox, options);
    await asNew(opened.page, light, others);
    return opened;
  }

  private async install(sandbox: Sandbox, options: DingTalkClientOptions): Promise<Opened> {
    const client = await DingTalkClient.open(this.browser, sandbox, options);
    return { client, page: await client.context.newPage() };
  }
}
