import { z } from 'zod';

/** `typ` of a ticket's header (RFC 8725, section 3.11): no other token of ours is taken for one. */
export const TICKET_TYPE = 'dingtalk-ticket+jwt';

/** The request header that carries it to NocoBase, which keeps bodies and addresses in its logs, and no such header. */
export const TICKET_HEADER = 'X-DingTalk-Ticket';

/** How long a ticket may be redeemed: the time of two redirects. */
export const TICKET_LIFETIME_SECONDS = 60;

/** base64url of a SHA-256, as in PKCE (RFC 7636, section 4.2): the plugin keeps what it is the hash of in the browser. */
export const CHALLENGE_PATTERN = /^[A-Za-z0-9_-]{43}$/;

const text = (max: number) => z.string().min(1).max(max);

/** A person as DingTalk described them to the gateway, in no provider's words. */
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
 * What the gateway signs at the end of a sign-in, and the plugin redeems once, in the browser that holds what
 * `challenge` is the hash of.
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
  /** 128 random bits or more. */
  jti: z.string().regex(/^[A-Za-z0-9_-]{22,64}$/),
  challenge: z.string().regex(CHALLENGE_PATTERN),
  /** Where in NocoBase the person lands: a path, without NocoBase's base path. Browsers drop tabs and newlines: `/<tab>/host`. */
  returnPath: z
    .string()
    // eslint-disable-next-line no-control-regex -- they are what is refused
    .regex(/^\/(?!\/)[^\\\u0000-\u0020\u007f]*$/)
    .max(2048),
  /** Of the gateway's log, for support. */
  requestId: text(128),
  identity: ticketIdentity,
  /** The organization's id of the person, where it is known. Not in the identity, where plugins of older versions refuse what they do not know. */
  memberId: text(128).optional().catch(undefined),
});

export type TicketClaims = z.output<typeof ticketClaims>;
export type TicketIdentity = z.output<typeof ticketIdentity>;
