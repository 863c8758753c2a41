import { z } from 'zod';

/** `typ` of an assertion's header. */
export const ASSERTION_TYPE = 'dingtalk-gateway+jwt';

/** The request header for it. NocoBase would take `Authorization` for a session. */
export const ASSERTION_HEADER = 'x-gateway-assertion';

export const ASSERTION_LIFETIME_SECONDS = 60;

/** Authenticates the gateway's requests to the plugin (after RFC 7523); valid for one request. */
export const assertionClaims = z.object({
  iss: z.string().min(1).max(2048),
  aud: z.string().min(1).max(2048),
  app: z.string().min(1).max(64),
  iat: z.int(),
  exp: z.int(),
  jti: z.string().regex(/^[A-Za-z0-9_-]{22,64}$/),
});

export type AssertionClaims = z.output<typeof assertionClaims>;
