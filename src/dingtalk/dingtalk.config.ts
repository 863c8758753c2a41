import {
  FIELD_PROBLEMS,
  type FieldRule,
  fieldRules,
  needMemberRecord,
  problemWithFields,
} from '../core/accounts/index.js';
import { namesRoot, registersAnybody } from '../core/settings/index.js';
import {
  BaseUrl,
  type Environment,
  Flag,
  FromFile,
  List,
  OneOf,
  readEnvironment,
  Required,
  Rule,
  WholeNumber,
} from '../config/index.js';
import { codePattern } from './authorization-code.js';

/** One rule per problem: each says in words of its own what is wrong. */
function FieldList(): PropertyDecorator {
  return (target, property) => {
    for (const problem of FIELD_PROBLEMS) {
      Rule(problem, (value) => !Array.isArray(value) || problemWithFields(value) !== problem)(target, property);
    }
  };
}

/** What undici can tunnel through. The path of a proxy means nothing. */
function isProxyUrl(value: unknown): boolean {
  try {
    const url = new URL(String(value));
    const { protocol, hostname, pathname, search, hash, username, password } = url;
    const isBare = hostname !== '' && pathname === '/' && search === '' && hash === '';
    // Throws where an escape is broken; a colon would end the user's name (RFC 7617, section 2).
    const isLogin = !decodeURIComponent(username).includes(':') && decodeURIComponent(password) !== undefined;
    return /^https?:$/.test(protocol) && isBare && isLogin && (username !== '' || password === '');
  } catch {
    return false;
  }
}

const IS_ASCII = 'must be ASCII letters, digits and signs without blanks, as DingTalk shows it';
const isAscii = (value: unknown): boolean => /^[\x21-\x7e]+$/.test(String(value));

function corpIdsOf(environment: object): readonly unknown[] {
  const corpIds: unknown = Reflect.get(environment, 'DINGTALK_CORP_ID');
  return Array.isArray(corpIds) ? corpIds : [];
}

class DingTalkEnvironment {
  @Required("the Client ID of the application in DingTalk's developer console")
  @Rule(IS_ASCII, isAscii)
  DINGTALK_CLIENT_ID!: string;

  @Required("the Client Secret of the application in DingTalk's developer console")
  @FromFile()
  @Rule(IS_ASCII, isAscii)
  DINGTALK_CLIENT_SECRET!: string;

  @Rule('must be CorpIds such as ding0123456789abcdef: ASCII letters and digits', (value) => {
    return !Array.isArray(value) || value.every((corpId) => /^[\w-]{1,128}$/.test(String(corpId)));
  })
  @List()
  DINGTALK_CORP_ID: string[] = [];

  @Flag()
  DINGTALK_AUTO_SIGN_UP: boolean = false;

  @Flag()
  @Rule(
    'must be true to combine DINGTALK_AUTO_SIGN_UP with no DINGTALK_CORP_ID: anybody with a DingTalk account could then register',
    (value, environment) => {
      const { DINGTALK_AUTO_SIGN_UP } = environment as Record<keyof DingTalkEnvironment, unknown>;
      const corpIds = corpIdsOf(environment);
      return value === true || !registersAnybody({ autoSignUp: DINGTALK_AUTO_SIGN_UP === true, corpIds });
    },
  )
  DINGTALK_ALLOW_ANY_ORGANIZATION: boolean = false;

  @Flag()
  @Rule(
    'needs DINGTALK_CORP_ID: without an organization nothing would be known of who registers',
    (value, environment) => value !== true || corpIdsOf(environment).length > 0,
  )
  DINGTALK_SIGN_UP_WITHOUT_PHONE: boolean = false;

  @Flag()
  @Rule(
    'needs exactly one organization in DINGTALK_CORP_ID: its accounts are the ones that DingTalk then asks for',
    (value, environment) => value !== true || corpIdsOf(environment).length === 1,
  )
  DINGTALK_EXCLUSIVE_LOGIN: boolean = false;

  @OneOf('profile', 'member')
  DINGTALK_IDENTITY: 'profile' | 'member' = 'profile';

  @Rule('must not name root: NocoBase gives this role to nobody', (value) => {
    return !Array.isArray(value) || !namesRoot(value);
  })
  @List()
  DINGTALK_DEFAULT_ROLES: string[] = [];

  @List()
  @FieldList()
  @Rule(
    "must not use jobNumber, title or departments without DINGTALK_IDENTITY=member: only the organization's record has them",
    (value, environment) => {
      const { DINGTALK_IDENTITY } = environment as DingTalkEnvironment;
      if (!Array.isArray(value) || problemWithFields(value) !== undefined) return true;
      return DINGTALK_IDENTITY === 'member' || !needMemberRecord(value);
    },
  )
  DINGTALK_FIELDS: string[] = [];

  @BaseUrl({ https: 'unless-loopback' })
  DINGTALK_LOGIN_URL: string = 'https://login.dingtalk.com';

  @BaseUrl({ https: 'unless-loopback' })
  DINGTALK_API_URL: string = 'https://api.dingtalk.com';

  @BaseUrl({ https: 'unless-loopback' })
  DINGTALK_OAPI_URL: string = 'https://oapi.dingtalk.com';

  @FromFile()
  @Rule('must be the address of an HTTP proxy, such as http://user:password@proxy.example.com:3128', isProxyUrl)
  DINGTALK_PROXY_URL?: string;

  @Flag()
  DINGTALK_SCAN_WIDGET: boolean = false;

  @BaseUrl({ https: 'unless-loopback' })
  DINGTALK_SCAN_SCRIPT_URL: string = 'https://g.alicdn.com/dingding/h5-dingtalk-login/0.21.0/ddlogin.js';

  @Rule(
    'must be one character class and a length from 1 to 512, such as [0-9a-f]{32}',
    (value) => typeof value === 'string' && codePattern(value) !== undefined,
  )
  DINGTALK_CODE_PATTERN?: string;

  @WholeNumber(10, 60_000)
  DINGTALK_TIMEOUT_MS: number = 5000;
}

export interface DingTalkSettings {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly corpIds: readonly string[];
  readonly autoSignUp: boolean;
  /** Also people of whom DingTalk gives no mobile number. */
  readonly signUpWithoutPhone: boolean;
  /** Whether DingTalk asks for an account that the organization made: 专属帐号. */
  readonly exclusiveLogin: boolean;
  readonly defaultRoles: readonly string[];
  /** Fields of NocoBase's users that come from DingTalk. */
  readonly fields: readonly FieldRule[];
  readonly loginUrl: string;
  readonly apiUrl: string;
  readonly oapiUrl: string;
  readonly identity: 'profile' | 'member';
  /** An HTTP proxy for all calls to DingTalk; holds a password. */
  readonly proxyUrl?: string;
  readonly timeoutMs: number;
  /** What codes look like, beyond what DingTalk documents. */
  readonly codePattern?: RegExp;
  /** DingTalk's script for a code to scan on the sign-in page, where that is switched on. */
  readonly scanScriptUrl?: string;
}

export function readDingTalkSettings(environment: Environment): DingTalkSettings {
  const read = readEnvironment(DingTalkEnvironment, environment);
  const pattern = codePattern(read.DINGTALK_CODE_PATTERN ?? '');
  return {
    clientId: read.DINGTALK_CLIENT_ID,
    clientSecret: read.DINGTALK_CLIENT_SECRET,
    corpIds: read.DINGTALK_CORP_ID,
    autoSignUp: read.DINGTALK_AUTO_SIGN_UP,
    signUpWithoutPhone: read.DINGTALK_SIGN_UP_WITHOUT_PHONE,
    exclusiveLogin: read.DINGTALK_EXCLUSIVE_LOGIN,
    defaultRoles: read.DINGTALK_DEFAULT_ROLES,
    fields: fieldRules(read.DINGTALK_FIELDS),
    loginUrl: read.DINGTALK_LOGIN_URL,
    apiUrl: read.DINGTALK_API_URL,
    oapiUrl: read.DINGTALK_OAPI_URL,
    identity: read.DINGTALK_IDENTITY,
    timeoutMs: read.DINGTALK_TIMEOUT_MS,
    ...(read.DINGTALK_PROXY_URL === undefined ? {} : { proxyUrl: read.DINGTALK_PROXY_URL }),
    ...(pattern === undefined ? {} : { codePattern: pattern }),
    ...(read.DINGTALK_SCAN_WIDGET ? { scanScriptUrl: read.DINGTALK_SCAN_SCRIPT_URL } : {}),
  };
}
