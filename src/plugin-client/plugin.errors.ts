import { type ErrorCode, GatewayError, type PluginTrouble } from '../core/errors/index.js';

/** What an administrator must look at, where it is theirs to put right. */
const TROUBLES = {
  starting: { code: 'temporarily_unavailable' },
  unreachable: { code: 'temporarily_unavailable' },
  unusable_answer: { code: 'upstream_failed' },
  plugin_missing: { code: 'misconfigured', setting: 'NocoBase, Plugin manager: DingTalk' },
  gateway_unknown: { code: 'misconfigured', setting: 'NocoBase, Authentication, DingTalk: Gateway address' },
  address_differs: { code: 'misconfigured', setting: 'NOCOBASE_PUBLIC_URL' },
  keys_unreachable: { code: 'misconfigured', setting: 'NocoBase, Authentication, DingTalk: Gateway address' },
  key_not_pinned: { code: 'misconfigured', setting: 'NocoBase, Authentication, DingTalk: Pinned keys of the gateway' },
  assertion_refused: { code: 'misconfigured', setting: 'AUTH_COOKIE_SECRET' },
  none_enabled: { code: 'misconfigured', setting: 'NocoBase, Authentication, DingTalk: Enabled' },
  none_usable: { code: 'misconfigured', setting: 'NocoBase, Authentication, DingTalk' },
} as const satisfies Readonly<Record<PluginTrouble, { readonly code: ErrorCode; readonly setting?: string }>>;

/** The companion plugin gave no authenticators. */
export class PluginError extends GatewayError {
  constructor(
    readonly trouble: PluginTrouble,
    detail: string,
  ) {
    const { code, ...rest }: { code: ErrorCode; setting?: string } = TROUBLES[trouble];
    super(code, { ...rest, detail, ...(code === 'temporarily_unavailable' ? { retryAfterSeconds: 5 } : {}) });
  }
}
