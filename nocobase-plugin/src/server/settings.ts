import { isSupportedCountry } from 'libphonenumber-js';
import { z } from 'zod';
import { DEFAULT_REGION, needMemberRecord, problemWithFields } from '../../../src/core/accounts/index.js';
import { THUMBPRINT } from '../../../src/core/plugin-protocol/index.js';
import { MATCH_RULES, namesRoot, PROTECTED_ROLES, registersAnybody } from '../../../src/core/settings/index.js';
import { isAddress, isPrivateHttp, isPublicAddress, isServerAddress, withoutSlash } from './addresses.js';
import { mayBeListed } from './return-paths.js';

const text = (max: number, message: string) => z.string(message).trim().max(max, message);
const list = (message: string) =>
  z
    .array(z.string(message).trim().min(1, message).max(255, message), message)
    .max(100, message)
    .transform((items) => [...new Set(items)]);
const address = (isGood: (value: string) => boolean, message: string) =>
  z
    .string(message)
    .transform(withoutSlash)
    .refine((value) => value === '' || isGood(value), message);

/** A key, and those that are about to take its place. */
export const MAX_PINS = 5;

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
  clientId: text(255, 'settings.clientId').prefault(''),
  hasClientSecret: z.boolean('settings.flag').catch(false).prefault(false),
  corpIds: list('settings.corpIds').prefault([]),
  autoSignUp: z.boolean('settings.flag').prefault(false),
  allowAnyOrganization: z.boolean('settings.flag').prefault(false),
  /** As in the gateway's `DINGTALK_SIGN_UP_WITHOUT_PHONE`. */
  signUpWithoutPhone: z.boolean('settings.flag').prefault(false),
  identity: z.enum(['profile', 'member'], 'settings.identity').prefault('profile'),
  defaultRoles: list('settings.defaultRoles').prefault([]),
  /** As in the gateway's `DINGTALK_FIELDS`. */
  fields: list('settings.fields').prefault([]),
  /** As in the gateway's `NOCOBASE_MATCH`. */
  match: z.enum(MATCH_RULES, 'settings.match').prefault('phone'),
  /** As in the gateway's `NOCOBASE_SEVERAL_BINDINGS`. */
  severalBindings: z.boolean('settings.flag').prefault(false),
  protectedRoles: list('settings.protectedRoles').prefault([...PROTECTED_ROLES]),
  /** Further paths that people may be sent to. */
  returnPaths: list('settings.returnPaths').prefault([]),
  /** ISO 3166. */
  defaultRegion: z
    .string('settings.defaultRegion')
    .refine(isSupportedCountry, 'settings.defaultRegion')
    .prefault(DEFAULT_REGION),
});

export const settings = everySetting.refine(
  ({ gatewayUrl, allowPrivateHttp }) => allowPrivateHttp || !isPrivateHttp(gatewayUrl),
  { message: 'settings.privateHttp' },
);

export type Settings = z.output<typeof settings>;

const hasProblem = (fields: readonly string[]): boolean => problemWithFields(fields) !== undefined;

/** The rules of an administrator who saves: those above, and what does not go together, as in the gateway's variables. */
export const writtenSettings = settings
  .refine((written) => written.allowAnyOrganization || !registersAnybody(written), {
    message: 'settings.anyOrganization',
  })
  .refine(({ signUpWithoutPhone, corpIds }) => !signUpWithoutPhone || corpIds.length > 0, {
    message: 'settings.withoutPhone',
  })
  .refine(({ defaultRoles }) => !namesRoot(defaultRoles), { message: 'settings.rootRole' })
  .refine(({ returnPaths }) => returnPaths.every(mayBeListed), { message: 'settings.returnPaths' })
  .refine(({ fields }) => !hasProblem(fields), { message: 'settings.fields' })
  .refine(({ fields, identity }) => identity === 'member' || hasProblem(fields) || !needMemberRecord(fields), {
    message: 'settings.memberFields',
  });

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
