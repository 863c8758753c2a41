import { EVENT_WAYS, LEAVER_MODES } from '../leavers/index.js';
import { FIELD_PROBLEMS, lackMemberRecord, problemWithFields } from '../accounts/index.js';
import { ofVariable } from '../texts/index.js';
import { HTTPS_OR_LOOPBACK } from './base-url.js';
import { codePattern } from './code-pattern.js';
import { namesRoot } from './default-roles.js';
import { isCorpId } from './list-item.js';
import { baseUrl, choice, flag, list, secret, text, wholeNumber } from './kinds.js';
import { isProxyUrl } from './proxy-url.js';
import { ROLE_NAMES } from './role-names.js';
import { rule, section, type Values } from './setting.js';
import { registersByAccident, registersTheUnknown } from './who-registers.js';

const isAscii = rule<string>(
  'must be ASCII letters, digits and symbols without spaces, as DingTalk shows it',
  (value) => /^[\x21-\x7e]+$/.test(value),
);

/** A DingTalk application, and who may sign in with it. */
export const dingtalk = section(
  'dingtalk',
  {
    clientId: text({
      about: 'Client ID of the application in DingTalk’s developer console.',
      required: "the Client ID of the application in DingTalk's developer console",
      rules: [isAscii],
      inForm: true,
    }),
    clientSecret: secret({
      required: "the Client Secret of the application in DingTalk's developer console",
      rules: [isAscii],
      inForm: true,
    }),
    corpId: list({
      about: 'Only members of these organizations.',
      default: [],
      rules: [
        rule('must be CorpIds such as ding0123456789abcdef: ASCII letters and digits', (corpIds: readonly string[]) =>
          corpIds.every(isCorpId),
        ),
      ],
      inForm: true,
    }),
    autoSignUp: flag({
      about: 'Create a NocoBase user if none matches.',
      inForm: true,
      decidedByPlugin: true,
    }),
    allowAnyOrganization: flag({ about: 'Must be true for autoSignUp without corpId.', inForm: true }),
    signUpWithoutPhone: flag({
      about: 'Also create users for whom DingTalk gives no mobile number; needs corpId.',
      inForm: true,
      decidedByPlugin: true,
    }),
    exclusiveLogin: flag({
      about: 'Sign in with dedicated accounts of the organization; needs exactly one corpId.',
      inForm: 'for-plugin',
    }),
    identity: choice(['profile', 'member'], {
      about: 'Source of identity: the person’s own profile, or the organization’s record of them.',
      default: 'profile',
      inForm: true,
    }),
    defaultRoles: list({
      about: 'Roles of new users; default: NocoBase’s default role.',
      default: [],
      rules: [
        ROLE_NAMES,
        rule('must not name root: NocoBase gives this role to nobody', (roles: readonly string[]) => !namesRoot(roles)),
      ],
      inForm: true,
      decidedByPlugin: true,
    }),
    fields: list({
      about: 'User fields that come from DingTalk, such as nickname=name:overwrite.',
      default: [],
      // One rule for each problem, because each has its own message.
      rules: FIELD_PROBLEMS.map((problem) =>
        rule(problem, (fields: readonly string[]) => problemWithFields(fields) !== problem),
      ),
      inForm: true,
    }),
    loginUrl: baseUrl({
      about: 'Base address of DingTalk’s consent page.',
      default: 'https://login.dingtalk.com',
      rules: [HTTPS_OR_LOOPBACK],
    }),
    apiUrl: baseUrl({
      about: 'Base address of DingTalk’s API.',
      default: 'https://api.dingtalk.com',
      rules: [HTTPS_OR_LOOPBACK],
    }),
    oapiUrl: baseUrl({
      about: 'Base address of DingTalk’s older API.',
      default: 'https://oapi.dingtalk.com',
      rules: [HTTPS_OR_LOOPBACK],
    }),
    proxyUrl: secret({
      about: 'HTTP proxy (CONNECT) for all calls to DingTalk, with its user and password.',
      rules: [
        rule('must be the address of an HTTP proxy, such as http://user:password@proxy.example.com:3128', isProxyUrl),
      ],
    }),
    scanWidget: flag({ about: 'Show a QR code on the sign-in page.' }),
    scanScriptUrl: baseUrl({
      about: 'DingTalk’s script that shows the QR code.',
      default: 'https://g.alicdn.com/dingding/h5-dingtalk-login/0.21.0/ddlogin.js',
      rules: [HTTPS_OR_LOOPBACK],
    }),
    codePattern: text({
      about: 'Format of its authorization codes, such as [0-9a-f]{32}; others are not sent.',
      rules: [
        rule(
          'must be one character class and a length from 1 to 512, such as [0-9a-f]{32}',
          (value: string) => codePattern(value) !== undefined,
        ),
      ],
      inForm: 'for-plugin',
    }),
    timeoutMs: wholeNumber(10, 60_000, { about: 'Timeout of one call, in milliseconds.', default: 5000 }),
    leavers: choice(LEAVER_MODES, {
      about:
        'When someone leaves the organization: do nothing, report it, or end their sessions, and with the plugin lock the account.',
      default: 'report',
      inForm: true,
      decidedByPlugin: true,
    }),
    events: choice(EVENT_WAYS, {
      about:
        'How DingTalk reports changes: not at all, over a connection from the gateway, or by calls to the gateway.',
      default: 'off',
      inForm: true,
    }),
    eventToken: secret({
      rules: [
        rule("must be 3 to 32 letters and digits, as in DingTalk's developer console", (value: string) =>
          /^[A-Za-z0-9]{3,32}$/.test(value),
        ),
      ],
    }),
    eventAesKey: secret({
      rules: [
        rule("must be the 43 letters and digits of DingTalk's developer console", (value: string) =>
          /^[A-Za-z0-9]{43}$/.test(value),
        ),
      ],
    }),
  },
  [
    {
      of: 'allowAnyOrganization',
      said: ofVariable(
        'must be true if {autoSignUp} is on without {corpId}: anyone with a DingTalk account could then register',
      ),
      holds: ({ allowAnyOrganization = false, autoSignUp = false, corpId = [] }) =>
        !registersByAccident({ allowAnyOrganization, autoSignUp, corpIds: corpId }),
    },
    {
      of: 'signUpWithoutPhone',
      said: ofVariable('needs {corpId}: without an organization, nothing is known about the people who register'),
      holds: ({ signUpWithoutPhone = false, corpId = [] }) =>
        !registersTheUnknown({ signUpWithoutPhone, corpIds: corpId }),
    },
    {
      of: 'exclusiveLogin',
      said: ofVariable(
        'needs exactly one organization in {corpId}: DingTalk then asks for one of its dedicated accounts',
      ),
      holds: ({ exclusiveLogin, corpId = [] }) => exclusiveLogin !== true || corpId.length === 1,
    },
    {
      of: 'events',
      said: ofVariable('must not be push without {eventToken} and {eventAesKey}: anyone could send events'),
      holds: ({ events, eventToken, eventAesKey }) =>
        events !== 'push' || (eventToken !== undefined && eventAesKey !== undefined),
    },
    {
      of: 'fields',
      said: ofVariable(
        "must not use jobNumber, title or departments without {identity}=member: only the organization's record has them",
      ),
      holds: ({ fields = [], identity }) => !lackMemberRecord(fields, identity),
    },
  ],
);

export type DingTalkValues = Values<(typeof dingtalk)['settings']>;
