import { z } from 'zod';
import { EVENT_WAYS, LEAVER_MODES } from '../leavers/index.js';
import { AUTHENTICATOR_NAME, MAX_ITEMS, MAX_LENGTH } from '../settings/index.js';

const line = z.string().max(MAX_LENGTH);
const list = z.array(line.min(1)).max(MAX_ITEMS).readonly();

/** The check of `users.phone`, by the authenticator's country; contains no number. */
const storedPhones = z.object({
  numbers: z.int().nonnegative(),
  unreadable: z.int().nonnegative(),
  users: z.array(z.int()).max(5).readonly(),
  isAll: z.boolean(),
});

/** A DingTalk authenticator as an administrator configured it in NocoBase. Empty fields are empty texts. */
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
  /** As in `NOCOBASE_MATCH`; only for the doctor, because the plugin does the matching. Missing in older plugins. */
  match: z.enum(['phone', 'none']).optional().catch(undefined),
  /** Sent with the facts if people are matched by number; missing in older plugins. */
  storedPhones: storedPhones.optional().catch(undefined),
  /** As in `DINGTALK_LEAVERS` and `DINGTALK_EVENTS`. Missing in older plugins, which have no book of leavers. */
  leavers: z.enum(LEAVER_MODES).optional().catch(undefined),
  events: z.enum(EVENT_WAYS).optional().catch(undefined),
  /** As in `NOCOBASE_RETURN_PATHS`, and perhaps the prefix of the new client. */
  returnPaths: z
    .array(line.min(1))
    .max(MAX_ITEMS + 1)
    .readonly()
    .optional(),
});

/** Facts for NocoBase's administrators that only a program inside NocoBase can see. */
export const nocoBaseFacts = z.object({
  /** Fields of `users` that people may edit in their own record, by NocoBase's profile form. */
  selfServiceFields: z.array(z.string().max(255)).max(1000),
  /**
   * Whether NocoBase signs the sessions of this sub-app with the secret of its main application; false in the main one.
   */
  sharesSecret: z.boolean(),
});

/** The query that requests everything but the Client Secrets. A plugin that does not support it sends them. */
export const WITHOUT_SECRETS = 'secrets=none';

/** The plugin's response to `dingtalk:settings`: only the authenticators that use the requesting gateway. */
export const pluginSettings = z.object({
  /** Of the plugin's package. */
  version: z.string().max(64),
  /** `iss` of the assertion: the gateway that this response is for. */
  gatewayUrl: z.string().min(1).max(2048),
  authenticators: z.array(pluginAuthenticator).max(100),
  /** Only on request (`?facts=1`); older plugins do not support it. */
  facts: nocoBaseFacts.optional(),
});

export type PluginAuthenticator = z.output<typeof pluginAuthenticator>;
export type NocoBaseFacts = z.output<typeof nocoBaseFacts>;
export type PluginSettings = z.output<typeof pluginSettings>;
