import { isSupportedCountry } from 'libphonenumber-js';
import { DEFAULT_REGION, MATCH_RULES, type Region } from '../accounts/index.js';
import {
  DEFAULT_API_BASE_PATH,
  DEFAULT_MODERN_PREFIX,
  DEFAULT_STORAGE_PREFIX,
  DEFAULT_STORAGE_TYPE,
  isApiBasePath,
  isModernPrefix,
  isStoragePrefix,
  STORAGE_TYPES,
} from '../nocobase-web/index.js';
import { canBeReturnPath, checkedPath } from '../return-path/index.js';
import { ofVariable } from '../texts/index.js';
import { AUTHENTICATOR_NAME } from './authenticator-name.js';
import { jwtSecretIn } from './jwt-secret.js';
import { baseUrl, choice, flag, list, secret, text, wholeNumber } from './kinds.js';
import { placesOf } from './places.js';
import { PROTECTED_ROLES } from './protected-roles.js';
import { ROLE_NAMES } from './role-names.js';
import { type Defaulted, type InForm, rule, section, type Setting, type Values } from './setting.js';

const isName = rule<string>('must be a name of letters, digits, "-" and "_"', (value) =>
  AUTHENTICATOR_NAME.test(value),
);

/** A NocoBase application, and the rules about its accounts and pages. */
export const nocobase = section(
  'nocobase',
  {
    /** Read here too: the allowed return paths depend on both addresses. */
    gatewayUrl: baseUrl({ variable: 'PUBLIC_URL' }),
    url: baseUrl({
      about: 'NocoBase as the gateway reaches it, without /api.',
      required: 'the address at which the gateway reaches NocoBase, such as http://nocobase:13000',
    }),
    publicUrl: baseUrl({ about: 'NocoBase as browsers reach it; may have a path.' }),
    apiToken: secret({
      required: "an API key of the gateway's NocoBase role; the command `provision` makes one",
      unless: ['handoff', 'ticket'],
      rules: [rule('must be one line of visible characters', (value: string) => /^[\x21-\x7e]+$/.test(value))],
      decidedByPlugin: true,
    }),
    jwtSecret: secret({
      required: "NocoBase's APP_KEY, or {jwtSecret_FILE} with the path of its jwt_secret.dat",
      unless: ['handoff', 'ticket'],
      fromFile: jwtSecretIn,
      verbatim: true,
      decidedByPlugin: true,
    }),
    authenticator: text({ default: 'dingtalk', rules: [isName], inForm: true }),
    app: text({ about: 'Name of the sub-app; default: main.', default: 'main', rules: [isName] }),
    appDomain: flag({ about: 'The sub-app has its own domain, without /apps/<name>.' }),
    apiBasePath: text({
      about: 'API_BASE_PATH of NocoBase; default: /api/.',
      default: DEFAULT_API_BASE_PATH,
      rules: [
        rule('must be a path such as /api/, as API_BASE_PATH of NocoBase: without its APP_PUBLIC_PATH', isApiBasePath),
      ],
    }),
    modernClientPrefix: text({
      about: 'APP_MODERN_CLIENT_PREFIX of NocoBase; default: v.',
      default: DEFAULT_MODERN_PREFIX,
    }),
    storagePrefix: text({
      about: 'API_CLIENT_STORAGE_PREFIX of NocoBase; default: NOCOBASE_.',
      default: DEFAULT_STORAGE_PREFIX,
      rules: [
        rule(
          'must be up to 64 letters, digits or any of _.:~- such as NOCOBASE_, as API_CLIENT_STORAGE_PREFIX of NocoBase',
          isStoragePrefix,
        ),
      ],
      decidedByPlugin: true,
    }),
    storageType: choice(STORAGE_TYPES, {
      about: 'API_CLIENT_STORAGE_TYPE of NocoBase; default: localStorage.',
      default: DEFAULT_STORAGE_TYPE,
      decidedByPlugin: true,
    }),
    shareToken: flag({ about: 'API_CLIENT_SHARE_TOKEN of NocoBase; default: false.', decidedByPlugin: true }),
    defaultPath: text({ about: 'Landing page for people who asked for no particular page.', default: '/admin' }),
    returnPaths: list({
      about: 'Further paths that people may be sent to, beside the pages of NocoBase’s clients.',
      default: [],
      inForm: true,
    }),
    passwordPath: text({
      about: 'NocoBase’s own sign-in page; default: /signin.',
      default: '/signin',
      rules: [
        rule('must be a path such as /signin or /signin?local=1', (value: string) =>
          /^\/(?!\/)[\w./-]*(\?[\w=&-]*)?$/.test(value),
        ),
      ],
    }),
    match: choice(MATCH_RULES, {
      about: 'How people without a binding are matched: by phone number, or not at all.',
      default: 'phone',
      inForm: 'for-plugin',
      decidedByPlugin: true,
    }),
    severalBindings: flag({
      about: 'A user may have bindings of several organizations.',
      inForm: 'for-plugin',
      decidedByPlugin: true,
    }),
    protectedRoles: list({
      about: 'Accounts with these roles are never linked by phone number.',
      default: PROTECTED_ROLES,
      rules: [ROLE_NAMES],
      inForm: 'for-plugin',
      decidedByPlugin: true,
    }),
    defaultRegion: text({
      about: 'Country (ISO 3166) of phone numbers stored without a country code.',
      default: DEFAULT_REGION,
      rules: [rule('must be the two capital letters of a country (ISO 3166), such as CN', isSupportedCountry)],
      inForm: 'for-plugin',
      decidedByPlugin: true,
    }) as Setting<Region> & InForm & Defaulted<Region>,
    handoff: choice(['auto', 'page', 'query', 'ticket'], {
      about: 'How the session reaches the browser.',
      default: 'auto',
    }),
    timeoutMs: wholeNumber(10, 60_000, { about: 'Timeout of one call, in milliseconds.', default: 5000 }),
  },
  [
    {
      of: 'appDomain',
      said: ofVariable('applies only to a sub-app: {app} must name it'),
      holds: ({ appDomain, app }) => appDomain !== true || app !== 'main',
    },
    {
      of: 'modernClientPrefix',
      said: ofVariable('must be one segment of a path such as v, as APP_MODERN_CLIENT_PREFIX of NocoBase'),
      holds: ({ modernClientPrefix, apiBasePath }) => isModernPrefix(modernClientPrefix, apiBasePath),
    },
    {
      of: 'storageType',
      said: ofVariable('keeps nothing from one page to the next: {handoff} must then be query or auto'),
      holds: ({ storageType, handoff }) => storageType !== 'memory' || handoff !== 'page',
    },
    {
      of: 'defaultPath',
      said: ofVariable(
        "must be a page of NocoBase's web clients such as /admin: not its API, files or sign-in pages, nor another application",
      ),
      holds: ({ defaultPath = '', ...places }) =>
        checkedPath(defaultPath, { ...placesOf(places), defaultPath }) !== undefined,
    },
    {
      of: 'returnPaths',
      said: ofVariable(
        "must list paths such as /portal: not NocoBase's API, files, sockets or sign-in pages, nor another application",
      ),
      holds: ({ returnPaths = [], ...places }) => returnPaths.every((path) => canBeReturnPath(path, placesOf(places))),
    },
  ],
);

export type NocoBaseValues = Values<(typeof nocobase)['settings']>;
