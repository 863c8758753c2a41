import { z } from 'zod';

/** `typ` of a ticket's header (RFC 8725, section 3.11), which distinguishes it from our other tokens. */
export const TICKET_TYPE = 'dingtalk-ticket+jwt';

/** The request header for it. NocoBase logs bodies and addresses, but not such a header. */
export const TICKET_HEADER = 'X-DingTalk-Ticket';

/** Lifetime of a ticket: the time of two redirects. */
export const TICKET_LIFETIME_SECONDS = 60;

/** base64url of a SHA-256, as in PKCE (RFC 7636, section 4.2): the plugin keeps the verifier in the browser. */
export const CHALLENGE_PATTERN = /^[A-Za-z0-9_-]{43}$/;

const text = (max: number) => z.string().min(1).max(max);

/** A person as DingTalk described them to the gateway, in provider-neutral terms. */
export const ticketIdentity = z.strictObject({
  subject: text(256),
  name: z.string().max(1000),
  phone: text(32).optional(),
  email: text(254).optional(),
  avatarUrl: text(2048).optional(),
  jobNumber: text(256).optional(),
  title: text(256).optional(),
  departments: text(2048).optional(),
  organization: text(256).optional(),
  phonePermission: text(256),
});

/**
 * The claims of a ticket. The gateway signs it at the end of a sign-in, and the plugin redeems it once, in the browser
 * that holds the verifier for `challenge` (PKCE S256).
 */
export const ticketClaims = z.object({
  /** `PUBLIC_URL` of the gateway. */
  iss: text(2048),
  /** `NOCOBASE_PUBLIC_URL`. */
  aud: text(2048),
  /** `main`, or the name of a sub-app. */
  app: text(64),
  authenticator: text(64),
  iat: z.int(),
  /** At most `TICKET_LIFETIME_SECONDS` after `iat`. */
  exp: z.int(),
  /** At least 128 random bits. */
  jti: z.string().regex(/^[A-Za-z0-9_-]{22,64}$/),
  challenge: z.string().regex(CHALLENGE_PATTERN),
  /** The landing page: a path without NocoBase's base path. Browsers drop tabs and newlines, as in `/<tab>/host`. */
  returnPath: z
    .string()
    // eslint-disable-next-line no-control-regex -- they are what is refused
    .regex(/^\/(?!\/)[^\\\u0000-\u0020\u007f]*$/)
    .max(2048),
  /** From the gateway's log, for support. */
  requestId: text(128),
  identity: ticketIdentity,
  /**
   * The organization's id of the person, if known. Not in the identity, because older plugins refuse unknown keys
   * there.
   */
  memberId: text(128).optional().catch(undefined),
});

export type TicketClaims = z.output<typeof ticketClaims>;
export type TicketIdentity = z.output<typeof ticketIdentity>;
