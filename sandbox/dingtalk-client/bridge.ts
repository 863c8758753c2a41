import type { Platform } from './user-agent.js';

/** A page's call to its client, whichever bridge the platform has. */
export interface NativeCall {
  /** As dingtalk-jsapi names it: `runtime.permission.requestAuthCode`, with `V2` for the newer one. */
  readonly api: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly url: string;
}

export type NativeAnswer =
  | { readonly ok: true; readonly result: object }
  | { readonly ok: false; readonly errorCode: string; readonly errorMessage: string };

/** The page's bridge reaches the client under this name. */
export const NATIVE = '__sandboxDingTalkClient';

type Callback = (value: unknown) => void;

/** What frame-talk posts to the desktop's host. */
interface HostRequest {
  readonly msgId: number;
  readonly methodName: string;
  readonly body: Record<string, unknown>;
}

interface PageGlobals {
  name: string;
  readonly top: unknown;
  readonly document: EventTarget;
  readonly location: { readonly href: string };
  postMessage: (message: unknown, ...rest: unknown[]) => void;
  dispatchEvent(event: Event): boolean;
}

/**
 * Runs in the page before any of its scripts, so it must be self-contained. Provides exactly what the bridges of dingtalk-jsapi
 * 3.2.9 look for: `lib/bridge/h5Ios.js`, `h5Android.js`, and for the desktop `lib/packages/frame-talk-client-pc`.
 */
export function installBridge({
  platform,
  version,
  native,
}: {
  platform: Platform;
  version: string;
  native: string;
}): void {
  const page = globalThis as unknown as PageGlobals;
  // Only the page itself is in the client, not its frames.
  if (page.top !== page) return;

  /** Functions cannot cross the bridge; here they only receive the answer. */
  const ask = async (api: string, params: Record<string, unknown>): Promise<NativeAnswer> => {
    const client: unknown = Reflect.get(page, native);
    const call = { api, params: JSON.parse(JSON.stringify(params)) as object, url: page.location.href };
    return (client as (call: object) => Promise<NativeAnswer>)(call);
  };
  const define = (key: string, value: unknown): void => {
    Object.defineProperty(page, key, { value, configurable: true });
  };
  const failure = ({ errorCode, errorMessage }: { errorCode: string; errorMessage: string }): object => ({
    errorCode,
    errorMessage,
  });

  const ios = (): void => {
    // The client adds its bridge when the document is ready, and dispatches an event.
    page.document.addEventListener('DOMContentLoaded', () => {
      define('WebViewJavascriptBridge', {
        init: () => undefined,
        registerHandler: () => undefined,
        callHandler: async (api: string, params: Record<string, unknown>, callback: Callback) => {
          const answer = await ask(api, params);
          callback(answer.ok ? { errorCode: '0', result: answer.result } : failure(answer));
        },
      });
      page.document.dispatchEvent(new Event('WebViewJavascriptBridgeReady'));
    });
  };

  const android = (): void => {
    const exec = async (
      succeed: Callback,
      fail: Callback,
      service: string,
      action: string,
      params: Record<string, unknown>,
    ): Promise<void> => {
      const answer = await ask(`${service}.${action}`, params);
      if (answer.ok) succeed(answer.result);
      else fail(failure(answer));
    };
    define('nuva', { isReady: true, require: () => exec });
  };

  const desktop = (): void => {
    const hostOrigin = 'https://im.dingtalk.com';
    page.name = JSON.stringify({ hostOrigin, containerId: 'sandbox', hostVersion: version, language: 'zh_CN' });
    define('dingtalk', { platform: { invokeAPI: () => undefined } });
    // The client intercepts what the page posts to its host's origin, and answers as if from there.
    const post = page.postMessage.bind(page);
    const answerTo = async ({ msgId, methodName, body }: HostRequest): Promise<void> => {
      const answer = await ask(methodName, body);
      const data = { type: 'response', msgId, success: answer.ok, body: answer.ok ? answer.result : failure(answer) };
      page.dispatchEvent(new MessageEvent('message', { data, origin: hostOrigin }));
    };
    page.postMessage = (message, ...rest) => {
      if (rest[0] === hostOrigin) void answerTo(message as HostRequest);
      else post(message, ...rest);
    };
  };

  ({ ios, android, pc: desktop })[platform]();
}
