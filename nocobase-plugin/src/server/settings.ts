import { isSupportedCountry } from 'libphonenumber-js';
import { z } from 'zod';
import { lackMemberRecord, problemWithFields } from '../../../src/core/accounts/index.js';
import { THUMBPRINT } from '../../../src/core/plugin-protocol/index.js';
import {
  codePattern,
  dingtalk,
  formSettings,
  isCorpId,
  isListItem,
  isPartlyUnseen,
  isProxyRange,
  MAX_ITEMS,
  MAX_LENGTH,
  MAX_PINS,
  MAX_REQUESTS_PER_MINUTE,
  namesRoot,
  nocobase,
  registersByAccident,
  registersTheUnknown,
  REQUESTS_PER_MINUTE,
  type Setting,
} from '../../../src/core/settings/index.js';
import { isAddress, isPrivateHttp, isPublicAddress, isServerAddress, withoutSlash } from './addresses.js';
import { mayBeListed } from './return-paths.js';
import { isByGateway, wayOf, WAYS } from './sign-in-by.js';

const list = (message: string) =>
  z
    .array(z.string(message).trim().min(1, message).max(MAX_LENGTH, message), message)
    .max(MAX_ITEMS, message)
    .transform((items): readonly string[] => [...new Set(items)]);

const isSingle = (item: string): boolean => isListItem(item) && !isPartlyUnseen(item);

/** Settings of the gateway that the form has as well: of the same kind, and with the same default. */
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
const { clientSecret: _secret, corpId: corpIds, codePattern: _pattern, ...ofDingTalk } = formSettings(dingtalk);
const { authenticator: _name, defaultRegion, protectedRoles, ...ofNocoBase } = formSettings(nocobase);

/**
 * `options` of an authenticator of type DingTalk, without the Client Secret. Everything may be missing: an incomplete authenticator
 * may be saved, it just lets nobody in. Each message is a key of `locale/*.json`.
 */
export const everySetting = z.object({
  /** Which side signs people in. Older versions did not save it: with them it was a gateway. */
  signInBy: z.enum(WAYS, 'settings.signInBy').optional(),
  /** What the web clients may know before anyone has signed in. */
  public: z.object({ autoSignIn: z.boolean('settings.flag').optional() }, 'settings.object').prefault({}),
  /** `PUBLIC_URL` of the gateway. */
  gatewayUrl: address((url) => isPublicAddress(url, true), 'settings.gatewayUrl').prefault(''),
  /** As `ALLOW_PRIVATE_HTTP` of the gateway: codes and sessions without TLS, in a private network only. */
  allowPrivateHttp: z.boolean('settings.flag').prefault(false),
  /** The gateway's address for NocoBase's server, if it differs. */
  gatewayInternalUrl: address(isServerAddress, 'settings.gatewayInternalUrl').prefault(''),
  /** RFC 7638 thumbprints: only these keys of the gateway are accepted. If empty: those that its address returns. */
  gatewayKeys: z
    .array(z.string('settings.gatewayKeys').trim().regex(THUMBPRINT, 'settings.gatewayKeys'), 'settings.gatewayKeys')
    .max(MAX_PINS, 'settings.gatewayKeys')
    .transform((pins) => [...new Set(pins)])
    .prefault([]),
  /** This NocoBase as browsers see it: `NOCOBASE_PUBLIC_URL` of the gateway, or the base of the redirect URL. */
  nocobaseUrl: address(isAddress, 'settings.nocobaseUrl').prefault(''),
  hasClientSecret: z.boolean('settings.flag').catch(false).prefault(false),
  /** Proxies in front of NocoBase whose `X-Forwarded-For` is trusted: as `TRUST_PROXY` of the gateway. */
  trustedProxies: list('settings.trustedProxies')
    .refine((ranges) => ranges.every(isProxyRange), 'settings.trustedProxies')
    .prefault([]),
  /** Per address and node: requests that start or end a sign-in; 0: no limit. */
  requestsPerMinute: z
    .int('settings.requestsPerMinute')
    .min(0, 'settings.requestsPerMinute')
    .max(MAX_REQUESTS_PER_MINUTE, 'settings.requestsPerMinute')
    .prefault(REQUESTS_PER_MINUTE),
  /** As `DINGTALK_CODE_PATTERN` of the gateway; empty if there is none. */
  codePattern: z
    .string('settings.codePattern')
    .trim()
    .refine((pattern) => pattern === '' || codePattern(pattern) !== undefined, 'settings.codePattern')
    .prefault(''),
  ...asInTheGateway({ ...ofDingTalk, corpIds, ...ofNocoBase }),
  /** Also checked in stored records: an item such as `root，admin` is nobody's role, and would protect nobody. */
  protectedRoles: list('settings.protectedRoles')
    .refine((roles) => roles.every(isSingle), 'settings.protectedRoles')
    .prefault([...protectedRoles.default]),
  defaultRegion: z
    .string('settings.defaultRegion')
    .refine(isSupportedCountry, 'settings.defaultRegion')
    .prefault(defaultRegion.default),
});

export const settings = everySetting
  .transform(({ signInBy, ...read }) => ({ ...read, signInBy: signInBy ?? wayOf(read) }))
  .refine((read) => isByGateway(read) || read.nocobaseUrl === '' || isPublicAddress(read.nocobaseUrl, true), {
    message: 'settings.nocobaseHttp',
  })
  // DingTalk's codes travel to the gateway, or to NocoBase if there is none.
  .refine((read) => read.allowPrivateHttp || !isPrivateHttp(isByGateway(read) ? read.gatewayUrl : read.nocobaseUrl), {
    message: 'settings.privateHttp',
  });

export type Settings = z.output<typeof settings>;

/** The rules on saving: those above, and the cross rules of the gateway's variables. */
export const writtenSettings = settings
  .refine((written) => !registersByAccident(written), { message: 'settings.anyOrganization' })
  .refine((written) => !registersTheUnknown(written), { message: 'settings.withoutPhone' })
  .refine((written) => written.corpIds.every(isCorpId), { message: 'settings.corpIds' })
  .refine((written) => written.defaultRoles.every(isSingle), { message: 'settings.defaultRoles' })
  .refine((written) => !namesRoot(written.defaultRoles), { message: 'settings.rootRole' })
  .refine((written) => written.returnPaths.every((path) => isSingle(path) && mayBeListed(path)), {
    message: 'settings.returnPaths',
  })
  .refine((written) => problemWithFields(written.fields) === undefined, { message: 'settings.fields' })
  .refine((written) => !lackMemberRecord(written.fields, written.identity), { message: 'settings.memberFields' })
  .refine((written) => isByGateway(written) || !written.exclusiveLogin || written.corpIds.length === 1, {
    message: 'settings.exclusiveLogin',
  });

/** Names of the settings without which nobody can sign in, in the order of the form. */
export function missingSettings(found: Settings): readonly (keyof Settings)[] {
  const needed = [
    'clientId',
    'hasClientSecret',
    ...(isByGateway(found) ? (['gatewayUrl'] as const) : []),
    'nocobaseUrl',
  ] as const;
  return needed.filter((name) => found[name] === '' || found[name] === false);
}

/** What the button needs, readable by everyone. */
export function publicOptions(options: unknown): object {
  const read = settings.safeParse(options ?? {});
  if (!read.success) return { ready: false };
  const { corpIds, public: shown } = read.data;
  return {
    ...shown,
    ready: missingSettings(read.data).length === 0,
    // Whether DingTalk's app can sign people in silently; of several organizations it selects the right one.
    inApp: corpIds.length > 0,
  };
}
