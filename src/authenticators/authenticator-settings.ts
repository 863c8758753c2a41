import {
  appInPath,
  DEFAULT_API_BASE_PATH,
  DEFAULT_MODERN_PREFIX,
  isApiBasePath,
  isModernPrefix,
  pagePath,
} from '../core/nocobase-web/index.js';
import { canBeReturnPath, checkedPath, type ReturnPathRules } from '../core/return-path/index.js';
import { MATCH_RULES, type MatchRule, PROTECTED_ROLES } from '../core/settings/index.js';
import { BaseUrl, type Environment, Flag, List, OneOf, readAll, readEnvironment, Rule } from '../config/index.js';
import { ignoredVariables } from './decided-in-nocobase.js';
import { type DingTalkSettings, readDingTalkSettings } from '../dingtalk/index.js';
import { type NocoBaseOptions, readNocoBaseOptions } from '../nocobase-client/index.js';

/** One way to sign in, checked: a DingTalk application and the NocoBase it leads to. */
export interface AuthenticatorSettings {
  /** In our routes, and of the row in NocoBase's `authenticators`. */
  readonly name: string;
  readonly title?: { readonly en: string; readonly zh: string };
  /** An image as a `data:` address. */
  readonly logo?: string;
  readonly dingtalk: DingTalkSettings;
  readonly nocobase: NocoBaseOptions;
  readonly accounts: AccountSettings;
  /** Variables, or keys of its entry, that are set and count for nothing: NocoBase's plugin decides. */
  readonly ignored?: readonly string[];
}

/** Rules about NocoBase's accounts and pages. */
export interface AccountSettings {
  readonly defaultPath: string;
  readonly match: MatchRule;
  readonly severalBindings: boolean;
  /** Further paths that people may be sent to. */
  readonly returnPaths: readonly string[];
  readonly protectedRoles: readonly string[];
  /** NocoBase's own sign-in page, as a path below its public address. */
  readonly passwordPath: string;
}

/** Read here too: which pages people may be sent to depends on them. */
class Places {
  @BaseUrl()
  PUBLIC_URL?: string;

  @BaseUrl()
  NOCOBASE_URL?: string;

  @BaseUrl()
  NOCOBASE_PUBLIC_URL?: string;

  NOCOBASE_APP: string = 'main';

  @Flag()
  NOCOBASE_APP_DOMAIN: boolean = false;

  NOCOBASE_API_BASE_PATH: string = DEFAULT_API_BASE_PATH;

  NOCOBASE_MODERN_CLIENT_PREFIX: string = DEFAULT_MODERN_PREFIX;
}

class AccountEnvironment extends Places {
  @Rule(
    "must be a page of NocoBase's web clients such as /admin: not its API, files or sign-in pages, nor another application",
    (value, places) => checkedPath(value, { ...placesOf(places as Places), defaultPath: String(value) }) !== undefined,
  )
  NOCOBASE_DEFAULT_PATH: string = '/admin';

  @OneOf(...MATCH_RULES)
  NOCOBASE_MATCH: MatchRule = 'phone';

  @Flag()
  NOCOBASE_SEVERAL_BINDINGS: boolean = false;

  @List()
  @Rule(
    "must list paths such as /portal: not NocoBase's API, files, sockets or sign-in pages, nor another application",
    (value, places) =>
      Array.isArray(value) && value.every((path: string) => canBeReturnPath(path, placesOf(places as Places))),
  )
  NOCOBASE_RETURN_PATHS: string[] = [];

  @List()
  NOCOBASE_PROTECTED_ROLES: string[] = [...PROTECTED_ROLES];

  @Rule('must be a path such as /signin or /signin?local=1', (value) =>
    /^\/(?!\/)[\w./-]*(\?[\w=&-]*)?$/.test(String(value)),
  )
  NOCOBASE_PASSWORD_PATH: string = '/signin';
}

function placesOf(places: Places): ReturnPathRules {
  const { PUBLIC_URL, NOCOBASE_URL, NOCOBASE_PUBLIC_URL, NOCOBASE_APP: app, NOCOBASE_APP_DOMAIN: ownDomain } = places;
  const { NOCOBASE_API_BASE_PATH: apiBasePath, NOCOBASE_MODERN_CLIENT_PREFIX: modernPrefix } = places;
  return {
    nocobasePublicUrl: addressOr('https://nocobase.invalid', NOCOBASE_PUBLIC_URL ?? NOCOBASE_URL),
    gatewayPublicUrl: addressOr('https://gateway.invalid', PUBLIC_URL),
    app: appInPath({ app, ownDomain }),
    handOff: 'page',
    // What cannot be meant is said of its own variable.
    ...(isApiBasePath(apiBasePath) ? { apiBasePath } : {}),
    ...(isModernPrefix(modernPrefix, apiBasePath) ? { modernPrefix } : {}),
  };
}

function addressOr(otherwise: string, address: string | undefined): string {
  return address !== undefined && URL.canParse(address) ? address : otherwise;
}

function readAccountSettings(environment: Environment): AccountSettings {
  const read = readEnvironment(AccountEnvironment, environment);
  return {
    defaultPath: read.NOCOBASE_DEFAULT_PATH,
    match: read.NOCOBASE_MATCH,
    severalBindings: read.NOCOBASE_SEVERAL_BINDINGS,
    returnPaths: read.NOCOBASE_RETURN_PATHS,
    protectedRoles: read.NOCOBASE_PROTECTED_ROLES,
    passwordPath: read.NOCOBASE_PASSWORD_PATH,
  };
}

/** @throws InvalidEnvironmentError with every problem, one line each */
export function readAuthenticator(environment: Environment): AuthenticatorSettings {
  const read = readAll({
    dingtalk: () => readDingTalkSettings(environment),
    nocobase: () => readNocoBaseOptions(environment),
    accounts: () => readAccountSettings(environment),
  });
  const ignored = read.nocobase.handOff === 'ticket' ? ignoredVariables('tickets', environment) : [];
  return { name: read.nocobase.authenticator, ...read, ...(ignored.length === 0 ? {} : { ignored }) };
}

/** NocoBase's own sign-in page, of the sub-app where it is one. */
export function passwordUrl({
  nocobase,
  accounts: { passwordPath },
}: Pick<AuthenticatorSettings, 'nocobase' | 'accounts'>): string {
  return `${nocobase.publicUrl}${pagePath(nocobase, passwordPath)}`;
}
