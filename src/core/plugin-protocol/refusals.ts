/**
 * `code` of NocoBase's error (`{errors: [{code}]}`, HTTP 401) if the plugin refuses a gateway. Any other failure is
 * considered temporary: the gateway continues with the settings it has.
 */
export const GATEWAY_REFUSALS = {
  /** No authenticator has `iss` as its gateway: the gateway drops the authenticators it had. */
  unknownGateway: 'DINGTALK_GATEWAY_UNKNOWN',
  /** `aud` is not NocoBase's address in the form. */
  otherAddress: 'DINGTALK_NOCOBASE_ADDRESS_DIFFERS',
  /** The gateway's JWK Set could not be fetched. */
  noKeys: 'DINGTALK_GATEWAY_KEYS_UNREACHABLE',
  /** The key that signed is not one that the administrator pinned. */
  keyNotPinned: 'DINGTALK_GATEWAY_KEY_NOT_PINNED',
  /** Signature, times or `jti`: forged, expired, or already used. */
  invalidAssertion: 'DINGTALK_ASSERTION_INVALID',
} as const;
