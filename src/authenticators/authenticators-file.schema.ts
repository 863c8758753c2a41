import { z } from 'zod';
import { AUTHENTICATOR_NAME, dingtalk, nocobase, type Setting, type Settings } from '../core/settings/index.js';

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

/** The shape of a setting; its own rules check the value. */
function shapeOf({ kind, about, choices = [], fromFile }: Setting): z.ZodType {
  const shapes = {
    text: () => (fromFile === undefined ? text : secret),
    choice: () => z.enum(choices),
    flag: () => z.boolean(),
    number: () => z.int(),
    list: () => list,
  };
  const shape: z.ZodType = shapes[kind]();
  return about === undefined ? shape : shape.meta({ description: about });
}

function shapesOf(settings: Settings) {
  return z
    .strictObject(Object.fromEntries(Object.entries(settings).map(([key, setting]) => [key, shapeOf(setting)])))
    .partial()
    .optional();
}

// PUBLIC_URL is the gateway's own, and the name of an entry is that of its authenticator.
const { gatewayUrl: _, authenticator: __, ...ofNocoBase } = nocobase.settings;
const settings = { dingtalk: shapesOf(dingtalk.settings), nocobase: shapesOf(ofNocoBase) };

/** The name of a setting in an entry. */
export function keyOf(section: string, key: string): string {
  return { gatewayUrl: 'PUBLIC_URL', authenticator: 'name' }[key] ?? `${section}.${key}`;
}

/** One way to sign in, as written in the file. */
const authenticatorEntry = z.strictObject({
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

/** The content of `AUTHENTICATORS_FILE`, as YAML or JSON. */
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

/** The JSON Schema for completion in editors. */
export function authenticatorsJsonSchema(): object {
  return z.toJSONSchema(authenticatorsFile, { io: 'input' });
}
