import type { Browser, BrowserContext, Page } from 'playwright-core';
import { DEMO_CORP_ID, type Sandbox } from '../index.js';
import { installBridge, NATIVE, type NativeCall } from './bridge.js';
import { NativeClient } from './native.js';
import { CURRENT_VERSION, type Platform, userAgentOf } from './user-agent.js';

export type { Behaviour, CodeApi } from './native.js';
export { type Platform, userAgentOf } from './user-agent.js';

export interface DingTalkClientOptions {
  readonly platform: Platform;
  /** The person who is signed in to DingTalk. */
  readonly person: string;
  /** The organization that the person currently works in; the demo's by default. */
  readonly corpId?: string;
  /** The client's version; a current one by default. */
  readonly version?: string;
  readonly locale?: string;
}

/**
 * Replaces the DingTalk app around a web page: Chromium with its user agent and the native bridge that DingTalk's own JSAPI looks
 * for. A browser context is one installation of the app.
 */
export class DingTalkClient {
  private constructor(
    /** Its settings, and what has happened so far. */
    public native: NativeClient,
    readonly context: BrowserContext,
  ) {}

  static async open(browser: Browser, sandbox: Sandbox, options: DingTalkClientOptions): Promise<DingTalkClient> {
    const { platform, version = CURRENT_VERSION[platform], locale = 'en-US' } = options;
    const phone = platform !== 'pc';
    const context = await browser.newContext({
      userAgent: userAgentOf(platform, version),
      viewport: phone ? { width: 390, height: 760 } : { width: 1100, height: 760 },
      isMobile: phone,
      hasTouch: phone,
      locale,
    });
    const client = new DingTalkClient(nativeClient(sandbox, options), context);
    await context.exposeFunction(NATIVE, (call: NativeCall) => client.native.answer(call));
    await context.addInitScript(installBridge, { platform, version, native: NATIVE });
    return client;
  }

  /** The app as if just installed; what its web view stores stays. @param options of the same platform, version and locale */
  reinstall(sandbox: Sandbox, options: DingTalkClientOptions): void {
    this.native = nativeClient(sandbox, options);
  }

  /** Opens an application from the workbench; only the client replaces `$CORPID$` in its home page address. */
  async openApp(homepage: string, page?: Page): Promise<Page> {
    const view = page ?? (await this.context.newPage());
    await view.goto(homepage.replaceAll('$CORPID$', this.native.corpId), { waitUntil: 'commit' });
    return view;
  }

  /** Another person signs in to the same installation. */
  switchAccount(person: string, corpId: string = this.native.corpId): void {
    this.native.person = person;
    this.native.corpId = corpId;
  }

  close(): Promise<void> {
    return this.context.close();
  }
}

function nativeClient(
  sandbox: Sandbox,
  { platform, version, person, corpId = DEMO_CORP_ID }: DingTalkClientOptions,
): NativeClient {
  return new NativeClient(sandbox, platform, version, { person, corpId });
}
