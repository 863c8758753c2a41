import { z } from 'zod';
import { isRedirectable } from './authorization-request.js';
import { RELEASE_ORDERS } from './events/event-hub.js';
import { PUSH_FLAWS } from './events/push-sender.js';
import { REPLACING_FAILURES, SPOILING_FAILURES } from './failures.js';
import { OPERATIONS } from './operations.js';
import { GONE_CODES, LEAVE_REASONS, PERMISSIONS } from './world.types.js';

const name = z.string().min(1).max(200);
const milliseconds = z.number().int().min(0).max(600_000);
const redirectUri = z.string().refine(isRedirectable, 'must be an http(s) address without a fragment');
const permissions = z.partialRecord(z.enum(PERMISSIONS), z.boolean());

const ofMembership = {
  userId: name.optional(),
  active: z.boolean().optional(),
  admin: z.boolean().optional(),
  contactType: z.union([z.literal(0), z.literal(1)]).optional(),
  visible: z.boolean().optional(),
  restricted: z.boolean().optional(),
  deptIds: z.array(z.number().int()).optional(),
  title: z.string().optional(),
  jobNumber: z.string().optional(),
  orgEmail: z.string().optional(),
};
const membership = z.strictObject({ corpId: name, ...ofMembership });

export const organizationInput = z.strictObject({ corpId: name, name, nameEn: name.optional() });

export const personInput = z.strictObject({
  id: name,
  name,
  nameEn: name.optional(),
  nick: name.optional(),
  mobile: z.string().optional(),
  stateCode: z.string().optional(),
  email: z.string().optional(),
  avatarUrl: z.string().optional(),
  visitor: z.boolean().optional(),
  memberships: z.array(membership).optional(),
});

export const appInput = z.strictObject({
  clientId: name,
  clientSecret: name,
  corpId: name,
  name: name.optional(),
  internal: z.boolean().optional(),
  redirectUris: z.array(redirectUri).optional(),
  redirectMatch: z.enum(['exact', 'origin']).optional(),
  letOutsidersThrough: z.boolean().optional(),
  maskMobile: z.boolean().optional(),
  scope: z.strictObject({ departments: z.array(z.number().int()), userIds: z.array(name) }).optional(),
  permissions: permissions.optional(),
});

/** Changes to an existing application; redirect URLs and permissions are added to those that it has. */
export const appChange = appInput.omit({ clientSecret: true, corpId: true });

export const failureInput = z.strictObject({
  operation: z.enum(OPERATIONS),
  failure: z
    .union([
      z.enum(REPLACING_FAILURES),
      z.enum(SPOILING_FAILURES),
      z.strictObject({ delayMs: milliseconds }),
      z.strictObject({ slowBodyMs: milliseconds }),
      z.strictObject({
        status: z.number().int().min(200).max(599),
        body: z.unknown(),
        contentType: z
          .string()
          .regex(/^[\x20-\x7e]+$/)
          .optional(),
      }),
    ])
    .nullable(),
  times: z.number().int().min(1).optional(),
});

export const clockInput = z.strictObject({ advanceMs: z.number().int().min(0) });
export const inAppCodeInput = z.strictObject({ personId: name, corpId: name });
export const denialInput = z.strictObject({ error: name });
export const widgetInput = z.strictObject({ messages: z.number().int().min(1).max(5) });
export const leaving = z.strictObject({
  personId: name,
  corpId: name.optional(),
  reason: z.enum(LEAVE_REASONS).optional(),
  event: z.boolean().optional(),
});
export const joining = z.strictObject({
  personId: name,
  corpId: name.optional(),
  ...ofMembership,
  event: z.boolean().optional(),
});
export const crowdInput = z.strictObject({
  corpId: name,
  count: z.number().int().min(1).max(200_000),
  prefix: name.optional(),
});
export const migration = z.strictObject({ personId: name });
export const goneCode = z.strictObject({ code: z.union(GONE_CODES.map((code) => z.literal(code))) });
/** Any other command, to run after a number of answered calls: for example between two pages that a client reads. */
export const laterCommand = z.strictObject({
  calls: z.number().int().min(1),
  operation: z.enum(OPERATIONS).optional(),
  command: name,
  body: z.looseObject({}),
});
/** Several ids; a chosen event id for duplicates, a chosen time for late events. */
export const eventInput = z.strictObject({
  type: name,
  corpId: name,
  userIds: z.array(name).max(5000),
  eventId: name.optional(),
  bornAt: z.number().int().min(0).optional(),
});
export const eventBehaviour = z.strictObject({
  hold: z.boolean().optional(),
  copies: z.number().int().min(1).max(5).optional(),
  lose: z.number().int().min(0).optional(),
});
export const eventRelease = z.strictObject({ order: z.enum(RELEASE_ORDERS).optional() });
export const streamChange = z.strictObject({
  disconnect: z.boolean().optional(),
  drop: z.boolean().optional(),
  silent: z.boolean().optional(),
  /** Sent unchanged to every connection. */
  raw: z.string().optional(),
});
export const pushRegistration = z.strictObject({
  clientId: name,
  url: redirectUri,
  token: name,
  aesKey: z.string().regex(/^[A-Za-z0-9]{43}$/),
  owner: name.optional(),
});
export const pushAttack = z.strictObject({ clientId: name, flaw: z.enum(PUSH_FLAWS), event: eventInput });
export const nothing = z.strictObject({});
