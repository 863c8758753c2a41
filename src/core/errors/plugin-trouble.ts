/** Why NocoBase's companion plugin gives this gateway no authenticators, so that nobody can sign in. */
export type PluginTrouble =
  /** Not asked yet. */
  | 'starting'
  /** No answer, or NocoBase is starting. */
  | 'unreachable'
  /** An answer that this version does not understand. */
  | 'unusable_answer'
  | 'plugin_missing'
  | 'gateway_unknown'
  | 'address_differs'
  | 'keys_unreachable'
  | 'key_not_pinned'
  | 'assertion_refused'
  | 'none_enabled'
  | 'none_usable';
