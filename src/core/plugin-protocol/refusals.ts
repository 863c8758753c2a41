/**
 * `code` of NocoBase's error (`{errors: [{code}]}`, HTTP 401) where the plugin does not answer a gateway. Anything else
 * that is no answer is trouble that passes: the gateway goes on with what it knows.
 */
export const GATEWAY_REFUSALS = {
  /** No authenticator has `iss` as its gateway: the gateway forgets those that it had. */
  unknownGateway: 'DINGTALK_GATEWAY_UNKNOWN',
  /** `aud` is not the address that NocoBase's form has for itself. */
  otherAddress: 'DINGTALK_NOCOBASE_ADDRESS_DIFFERS',
  /** The gateway's JWK Set could not be fetched. */
  noKeys: 'DINGTALK_GATEWAY_KEYS_UNREACHABLE',
  /** The keys that the administrator pinned are others than the one that signed. */
  keyNotPinned: 'DINGTALK_GATEWAY_KEY_NOT_PINNED',
  /** Signature, times or `jti`: forged, too old, or used before. */
  invalidAssertion: 'DINGTALK_ASSERTION_INVALID',
} as const;
