import { type ErrorCode, GatewayError, type PluginTrouble } from '../core/errors/index.js';
import { SETTING } from '../core/texts/index.js';

/** What an administrator must check, if it is theirs to fix. */
const TROUBLES = {
  starting: { code: 'temporarily_unavailable' },
  unreachable: { code: 'temporarily_unavailable' },
  unusable_answer: { code: 'upstream_failed' },
  plugin_missing: { code: 'misconfigured', setting: SETTING.plugin.en },
  gateway_unknown: { code: 'misconfigured', setting: SETTING.gatewayAddress.en },
  address_differs: { code: 'misconfigured', setting: 'NOCOBASE_PUBLIC_URL' },
  keys_unreachable: { code: 'misconfigured', setting: SETTING.gatewayAddress.en },
  key_not_pinned: { code: 'misconfigured', setting: SETTING.pinnedKeys.en },
  assertion_refused: { code: 'misconfigured', setting: 'AUTH_COOKIE_SECRET' },
  none_enabled: { code: 'misconfigured', setting: SETTING.enabled.en },
  none_usable: { code: 'misconfigured', setting: SETTING.authenticator.en },
} as const satisfies Readonly<Record<PluginTrouble, { readonly code: ErrorCode; readonly setting?: string }>>;

/** The companion plugin provided no authenticators. */
export class PluginError extends GatewayError {
  constructor(
    readonly trouble: PluginTrouble,
    detail: string,
  ) {
    const { code, ...rest }: { code: ErrorCode; setting?: string } = TROUBLES[trouble];
    super(code, { ...rest, detail, ...(code === 'temporarily_unavailable' ? { retryAfterSeconds: 5 } : {}) });
  }
}
