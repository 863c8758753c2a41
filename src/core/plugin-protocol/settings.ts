import { z } from 'zod';
import { EVENT_WAYS, LEAVER_MODES } from '../leavers/index.js';
import { AUTHENTICATOR_NAME, MAX_ITEMS, MAX_LENGTH } from '../settings/index.js';

const line = z.string().max(MAX_LENGTH);
const list = z.array(line.min(1)).max(MAX_ITEMS).readonly();

/** What stands in `users.phone`, by the country of the authenticator; no number. */
const storedPhones = z.object({
  numbers: z.int().nonnegative(),
  unreadable: z.int().nonnegative(),
  users: z.array(z.int()).max(5).readonly(),
  isAll: z.boolean(),
});

/** A DingTalk authenticator as an administrator set it up in NocoBase. Empty texts stand for what was not filled in. */
export const pluginAuthenticator = z.object({
  name: z.string().regex(AUTHENTICATOR_NAME),
  title: line,
  enabled: z.boolean(),
  clientId: line,
  clientSecret: z.string().max(1024),
  corpIds: list,
  autoSignUp: z.boolean(),
  allowAnyOrganization: z.boolean(),
  identity: z.enum(['profile', 'member']),
  defaultRoles: list,
  /** As in `DINGTALK_FIELDS`. */
  fields: list,
  /** As in `NOCOBASE_MATCH`; of no use but to the doctor, as the plugin matches. Older plugins do not say it. */
  match: z.enum(['phone', 'none']).optional().catch(undefined),
  /** Told with the facts, where people are matched by number; older plugins do not look. */
  storedPhones: storedPhones.optional().catch(undefined),
  /** As in `DINGTALK_LEAVERS` and `DINGTALK_EVENTS`. Older plugins do not say them, and keep no book of who has left. */
  leavers: z.enum(LEAVER_MODES).optional().catch(undefined),
  events: z.enum(EVENT_WAYS).optional().catch(undefined),
  /** As in `NOCOBASE_RETURN_PATHS`, and perhaps the prefix of the new client. */
  returnPaths: z
    .array(line.min(1))
    .max(MAX_ITEMS + 1)
    .readonly()
    .optional(),
});

/** What NocoBase's administrators should know, and only a program inside NocoBase can see. */
export const nocoBaseFacts = z.object({
  /** Fields of `users` that people may write in their own row, by NocoBase's profile form. */
  selfServiceFields: z.array(z.string().max(255)).max(1000),
  /** Whether NocoBase signs the sessions of this sub-app with the secret of its main application; false there. */
  sharesSecret: z.boolean(),
});

/** The query with which a gateway asks for everything but the Client Secrets. A plugin that does not know it tells them. */
export const WITHOUT_SECRETS = 'secrets=none';

/** The plugin's answer to `dingtalk:settings`: only the authenticators whose gateway is the one that asks. */
export const pluginSettings = z.object({
  /** Of the plugin's package. */
  version: z.string().max(64),
  /** `iss` of the assertion: for whom this answer is. */
  gatewayUrl: z.string().min(1).max(2048),
  authenticators: z.array(pluginAuthenticator).max(100),
  /** Where they were asked for (`?facts=1`); older plugins do not know them. */
  facts: nocoBaseFacts.optional(),
});

export type PluginAuthenticator = z.output<typeof pluginAuthenticator>;
export type NocoBaseFacts = z.output<typeof nocoBaseFacts>;
export type PluginSettings = z.output<typeof pluginSettings>;
