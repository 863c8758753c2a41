import { z } from 'zod';
import { AUTHENTICATOR_NAME, MATCH_RULES } from '../core/settings/index.js';
import { STORAGE_TYPES } from '../core/nocobase-web/index.js';

/** A list becomes one variable, whose items are separated by commas. */
const item = z
  .string()
  .min(1)
  .regex(/^[^,]*[^,\s][^,]*$/, 'must be a text without a comma');
const list = z.union([item, z.array(item).min(1)]);
const text = z.string().min(1);

const secret = z
  .union(
    [
      z.string().min(1),
      z.strictObject({ file: text.meta({ description: 'Path of a file that holds it; relative to this file.' }) }),
      z.strictObject({ env: text.meta({ description: 'Name of an environment variable that holds it.' }) }),
    ],
    { error: 'must be a text, { file: path } or { env: NAME }' },
  )
  .meta({ description: 'A secret: the text itself, or { file: path }, or { env: NAME }.' });

/** The keys are the variables (handbook, chapter 5) in camelCase, without their prefix. */
const dingtalk = z.strictObject({
  clientId: text.meta({ description: 'Client ID of the application in DingTalk’s developer console.' }),
  clientSecret: secret,
  corpId: list.meta({ description: 'Only members of these organizations.' }),
  autoSignUp: z.boolean().meta({ description: 'Create the NocoBase user when nobody matches.' }),
  allowAnyOrganization: z.boolean().meta({ description: 'Must be true for autoSignUp without corpId.' }),
  signUpWithoutPhone: z
    .boolean()
    .meta({ description: 'Also create users of whom DingTalk gives no mobile number; needs corpId.' }),
  exclusiveLogin: z
    .boolean()
    .meta({ description: 'Sign in with dedicated accounts of the organization; needs exactly one corpId.' }),
  identity: z.enum(['profile', 'member']).meta({
    description: 'Who a person is: their own profile, or the organization’s record of them.',
  }),
  defaultRoles: list.meta({ description: 'Roles of new users; default: NocoBase’s default role.' }),
  fields: list.meta({ description: 'User fields that come from DingTalk, such as nickname=name:overwrite.' }),
  loginUrl: text.meta({ description: 'Base address of DingTalk’s consent page.' }),
  apiUrl: text.meta({ description: 'Base address of DingTalk’s API.' }),
  oapiUrl: text.meta({ description: 'Base address of DingTalk’s older API.' }),
  proxyUrl: secret.meta({ description: 'HTTP proxy (CONNECT) for all calls to DingTalk, with its user and password.' }),
  scanWidget: z.boolean().meta({ description: 'Show a code to scan on the sign-in page.' }),
  scanScriptUrl: text.meta({ description: 'DingTalk’s script that shows it.' }),
  codePattern: text.meta({ description: 'What its codes look like, such as [0-9a-f]{32}; others are not sent.' }),
  timeoutMs: z.int().meta({ description: 'For one call, in milliseconds.' }),
});

const nocobase = z.strictObject({
  url: text.meta({ description: 'NocoBase as the gateway reaches it, without /api.' }),
  publicUrl: text.meta({ description: 'NocoBase as browsers reach it; may have a path.' }),
  apiToken: secret,
  jwtSecret: secret,
  app: text.meta({ description: 'Name of the sub-app; default: main.' }),
  appDomain: z.boolean().meta({ description: 'The sub-app has a domain of its own, without /apps/<name>.' }),
  apiBasePath: text.meta({ description: 'API_BASE_PATH of NocoBase; default: /api/.' }),
  modernClientPrefix: text.meta({ description: 'APP_MODERN_CLIENT_PREFIX of NocoBase; default: v.' }),
  storagePrefix: text.meta({ description: 'API_CLIENT_STORAGE_PREFIX of NocoBase; default: NOCOBASE_.' }),
  storageType: z
    .enum(STORAGE_TYPES)
    .meta({ description: 'API_CLIENT_STORAGE_TYPE of NocoBase; default: localStorage.' }),
  shareToken: z.boolean().meta({ description: 'API_CLIENT_SHARE_TOKEN of NocoBase; default: false.' }),
  defaultPath: text.meta({ description: 'Where people land who asked for no page.' }),
  returnPaths: list.meta({
    description: 'Further paths that people may be sent to, beside the pages of NocoBase’s clients.',
  }),
  passwordPath: text.meta({ description: 'NocoBase’s own sign-in page; default: /signin.' }),
  match: z
    .enum(MATCH_RULES)
    .meta({ description: 'How people without a binding are matched: by phone number, or not.' }),
  severalBindings: z.boolean().meta({ description: 'A user may have bindings of several organizations.' }),
  protectedRoles: list.meta({ description: 'Accounts with these roles are never linked by phone number.' }),
  defaultRegion: text.meta({ description: 'Country (ISO 3166) of phone numbers stored without a country code.' }),
  handoff: z.enum(['auto', 'page', 'query', 'ticket']).meta({ description: 'How the session reaches the browser.' }),
  timeoutMs: z.int().meta({ description: 'For one call, in milliseconds.' }),
});

const settings = { dingtalk: dingtalk.partial().optional(), nocobase: nocobase.partial().optional() };

/** One way to sign in, as it is written down. */
export const authenticatorEntry = z.strictObject({
  name: z
    .string()
    .regex(AUTHENTICATOR_NAME, 'must be a name of at most 64 letters, digits, "-" and "_"')
    .meta({ description: 'In the addresses, and of the row in NocoBase’s authenticators.' }),
  title: z
    .strictObject({ 'en-US': text.max(60), 'zh-CN': text.max(60) })
    .partial()
    .meta({ description: 'On the button of the sign-in page.' })
    .optional(),
  logo: text
    .meta({ description: 'Path of a PNG, JPEG, WebP or SVG file of at most 64 KiB; relative to this file.' })
    .optional(),
  ...settings,
});

/** What `AUTHENTICATORS_FILE` holds, as YAML or JSON. */
export const authenticatorsFile = z
  .strictObject({
    $schema: z.string().optional(),
    defaults: z.strictObject(settings).meta({ description: 'What the entries do not say themselves.' }).optional(),
    authenticators: z
      .array(authenticatorEntry)
      .min(1)
      .max(100)
      .meta({ description: 'Ways to sign in; the first is the default one.' }),
  })
  .meta({ title: 'Authenticators of the NocoBase DingTalk gateway' });

export type AuthenticatorsFile = z.output<typeof authenticatorsFile>;
export type AuthenticatorEntry = AuthenticatorsFile['authenticators'][number];

/** The JSON Schema that editors complete the file with. */
export function authenticatorsJsonSchema(): object {
  return z.toJSONSchema(authenticatorsFile, { io: 'input' });
}
