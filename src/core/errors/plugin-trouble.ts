/** Why NocoBase's companion plugin provides no authenticators, so that no one can sign in. */
export type PluginTrouble =
  /** Not asked yet. */
  | 'starting'
  /** No response, or NocoBase is starting. */
  | 'unreachable'
  /** A response that this version does not understand. */
  | 'unusable_answer'
  | 'plugin_missing'
  | 'gateway_unknown'
  | 'address_differs'
  | 'keys_unreachable'
  | 'key_not_pinned'
  | 'assertion_refused'
  | 'none_enabled'
  | 'none_usable';
