import { isSupportedCountry } from 'libphonenumber-js';
import { z } from 'zod';
import { lackMemberRecord, problemWithFields } from '../../../src/core/accounts/index.js';
import { THUMBPRINT } from '../../../src/core/plugin-protocol/index.js';
import {
  dingtalk,
  formSettings,
  MAX_ITEMS,
  MAX_LENGTH,
  MAX_PINS,
  namesRoot,
  nocobase,
  registersByAccident,
  registersTheUnknown,
  type Setting,
} from '../../../src/core/settings/index.js';
import { isAddress, isPrivateHttp, isPublicAddress, isServerAddress, withoutSlash } from './addresses.js';
import { mayBeListed } from './return-paths.js';

const list = (message: string) =>
  z
    .array(z.string(message).trim().min(1, message).max(MAX_LENGTH, message), message)
    .max(MAX_ITEMS, message)
    .transform((items): readonly string[] => [...new Set(items)]);

/** Settings of the gateway's that the form asks for, too: of the same kind, and with the same default. */
function asInTheGateway<S extends Readonly<Record<string, Setting>>>(
  settings: S,
): { [Key in keyof S]: Option<S[Key]> } {
  const options = Object.entries(settings).map(([key, setting]) => {
    const message = `settings.${key}`;
    const shapes = {
      flag: () => z.boolean('settings.flag'),
      choice: () => z.enum(setting.choices ?? [], message),
      list: () => list(message),
      text: () => z.string(message).trim().max(MAX_LENGTH, message),
      number: () => z.int(message),
    };
    return [key, z.prefault(shapes[setting.kind](), (setting.default ?? '') as never)];
  });
  return Object.fromEntries(options) as { [Key in keyof S]: Option<S[Key]> };
}

type Option<S> = S extends Setting<infer T> ? z.ZodType<T, T | undefined> : never;

const address = (isGood: (value: string) => boolean, message: string) =>
  z
    .string(message)
    .transform(withoutSlash)
    .refine((value) => value === '' || isGood(value), message);

/** The secret is in the vault, the authenticator's name beside its options. */
const { clientSecret: _secret, corpId: corpIds, ...ofDingTalk } = formSettings(dingtalk);
const { authenticator: _name, defaultRegion, ...ofNocoBase } = formSettings(nocobase);

/**
 * `options` of an authenticator of type DingTalk, without the Client Secret. Everything may be missing: an authenticator
 * that is not filled in yet may be saved, it only lets nobody in. Each message is a key of `locale/*.json`.
 */
const everySetting = z.object({
  /** What the web clients may know before anybody signed in. */
  public: z.object({ autoSignIn: z.boolean('settings.flag').optional() }, 'settings.object').prefault({}),
  /** `PUBLIC_URL` of the gateway. */
  gatewayUrl: address((url) => isPublicAddress(url, true), 'settings.gatewayUrl').prefault(''),
  /** As `ALLOW_PRIVATE_HTTP` of the gateway: sign-ins without TLS, in a private network only. */
  allowPrivateHttp: z.boolean('settings.flag').prefault(false),
  /** Where NocoBase's server reaches the gateway, if elsewhere. */
  gatewayInternalUrl: address(isServerAddress, 'settings.gatewayInternalUrl').prefault(''),
  /** RFC 7638: only these keys of the gateway are taken. None: those that its address answers with. */
  gatewayKeys: z
    .array(z.string('settings.gatewayKeys').trim().regex(THUMBPRINT, 'settings.gatewayKeys'), 'settings.gatewayKeys')
    .max(MAX_PINS, 'settings.gatewayKeys')
    .transform((pins) => [...new Set(pins)])
    .prefault([]),
  /** This NocoBase as browsers see it: `NOCOBASE_PUBLIC_URL` of the gateway. */
  nocobaseUrl: address(isAddress, 'settings.nocobaseUrl').prefault(''),
  hasClientSecret: z.boolean('settings.flag').catch(false).prefault(false),
  ...asInTheGateway({ ...ofDingTalk, corpIds, ...ofNocoBase }),
  defaultRegion: z
    .string('settings.defaultRegion')
    .refine(isSupportedCountry, 'settings.defaultRegion')
    .prefault(defaultRegion.default),
});

export const settings = everySetting.refine(
  ({ gatewayUrl, allowPrivateHttp }) => allowPrivateHttp || !isPrivateHttp(gatewayUrl),
  { message: 'settings.privateHttp' },
);

export type Settings = z.output<typeof settings>;

/** The rules of an administrator who saves: those above, and what does not go together, as in the gateway's variables. */
export const writtenSettings = settings
  .refine((written) => !registersByAccident(written), { message: 'settings.anyOrganization' })
  .refine((written) => !registersTheUnknown(written), { message: 'settings.withoutPhone' })
  .refine((written) => !namesRoot(written.defaultRoles), { message: 'settings.rootRole' })
  .refine((written) => written.returnPaths.every(mayBeListed), { message: 'settings.returnPaths' })
  .refine((written) => problemWithFields(written.fields) === undefined, { message: 'settings.fields' })
  .refine((written) => !lackMemberRecord(written.fields, written.identity), { message: 'settings.memberFields' });

/** Names of the settings without which nobody can sign in, in the order of the form. */
export function missingSettings(found: Settings): readonly (keyof Settings)[] {
  const needed = ['clientId', 'hasClientSecret', 'gatewayUrl', 'nocobaseUrl'] as const;
  return needed.filter((name) => found[name] === '' || found[name] === false);
}

/** What the button needs, for everybody. */
export function publicOptions(options: unknown): object {
  const read = settings.safeParse(options ?? {});
  if (!read.success) return { ready: false };
  const { corpIds, public: shown } = read.data;
  return {
    ...shown,
    ready: missingSettings(read.data).length === 0,
    // Whether DingTalk's app can sign people in silently; of several organizations the gateway chooses the right one.
    inApp: corpIds.length > 0,
  };
}
