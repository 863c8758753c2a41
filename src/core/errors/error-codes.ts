/**
 * Every public error code with its HTTP status. Codes are stable: people search for them, and programs rely on them.
 */
export const ERROR_STATUS = {
  invalid_request: 400,
  invalid_state: 400,
  invalid_grant: 401,
  access_denied: 403,
  organization_not_allowed: 403,
  user_not_registered: 403,
  account_protected: 403,
  account_locked: 403,
  phone_missing: 403,
  not_found: 404,
  plugin_not_packed: 404,
  account_conflict: 409,
  rate_limited: 429,
  misconfigured: 500,
  server_error: 500,
  upstream_failed: 502,
  temporarily_unavailable: 503,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;
