import type { Sandbox } from '../index.js';
import type { NativeAnswer, NativeCall } from './bridge.js';
import { CURRENT_VERSION, type Platform } from './user-agent.js';

/** How the client responds when a page requests a code. */
export type Behaviour = 'answers' | 'refuses' | 'silent' | { readonly after: Promise<unknown> };

/** `requestAuthCode` is the newer call, `runtime.permission.requestAuthCode` the older. */
export type CodeApi = 'requestAuthCode' | 'runtime.permission.requestAuthCode';

/**
 * The client version that introduced a call: `api/union/requestAuthCode.js` and `api/runtime/permission/requestAuthCode.js` of
 * dingtalk-jsapi.
 */
const APIS: Readonly<Record<string, { readonly name: CodeApi; readonly since: Readonly<Record<Platform, string>> }>> = {
  'runtime.permission.requestAuthCodeV2': {
    name: 'requestAuthCode',
    since: { ios: '7.0.45', android: '7.0.45', pc: '7.0.50' },
  },
  'runtime.permission.requestAuthCode': {
    name: 'runtime.permission.requestAuthCode',
    since: { ios: '2.4.0', android: '2.4.0', pc: '3.0.0' },
  },
};

/** The part of DingTalk's client behind the bridge: who is signed in, and how it answers a call. */
export class NativeClient {
  /** The person signed in to this client, and their current organization. */
  person: string;
  corpId: string;
  readonly behaviour: Record<CodeApi, Behaviour> = {
    requestAuthCode: 'answers',
    'runtime.permission.requestAuthCode': 'answers',
  };
  /** Every call from a page that the client supports, oldest first. */
  readonly calls: CodeApi[] = [];
  /** The titles that pages have set in the bar above them, oldest first. */
  readonly titles: string[] = [];
  /** Every code given to a page. */
  readonly codes: string[] = [];

  constructor(
    private readonly sandbox: Sandbox,
    readonly platform: Platform,
    readonly version: string = CURRENT_VERSION[platform],
    signedIn: { person: string; corpId: string },
  ) {
    this.person = signedIn.person;
    this.corpId = signedIn.corpId;
  }

  async answer(call: NativeCall): Promise<NativeAnswer> {
    if (call.api === 'biz.navigation.setTitle' && !isOlder(this.version, '6.0.0')) {
      this.titles.push(String(call.params['title']));
      return { ok: true, result: {} };
    }
    const api = APIS[call.api];
    // `not_exist` of `lib/sdk/sdkLib.js`.
    if (api === undefined || isOlder(this.version, api.since[this.platform])) return failed('1', 'method not found');
    this.calls.push(api.name);
    const behaviour = this.behaviour[api.name];
    if (behaviour === 'silent') return new Promise(() => undefined);
    if (behaviour === 'refuses') return failed('-1', 'cancelled by the user');
    if (behaviour !== 'answers') await behaviour.after;
    return this.issue(call, api.name);
  }

  private issue({ params, url }: NativeCall, api: CodeApi): NativeAnswer {
    const { world } = this.sandbox;
    const { corpId, clientId } = params;
    if (corpId !== this.corpId || world.membership(this.person, this.corpId) === undefined) {
      return failed('2', 'corpId is not the organization of the person');
    }
    const apps = [...world.apps.values()].filter(
      (app) => app.corpId === corpId && (api !== 'requestAuthCode' || app.clientId === clientId),
    );
    // https://open.dingtalk.com/document/development/development-mlogon-faq
    if (!apps.some(({ redirectUris }) => redirectUris.some((uri) => new URL(uri).host === new URL(url).host))) {
      return failed('3', 'the domain of the page is not the one of the application');
    }
    const code = world.issueInAppCode(this.person, this.corpId);
    this.codes.push(code);
    return { ok: true, result: { code } };
  }
}

function failed(errorCode: string, errorMessage: string): NativeAnswer {
  return { ok: false, errorCode, errorMessage };
}

function isOlder(version: string, than: string): boolean {
  return version.localeCompare(than, 'en', { numeric: true }) < 0;
}
