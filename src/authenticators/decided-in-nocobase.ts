import type { Environment } from '../config/index.js';

/** What NocoBase's form asks for, besides what the plugin alone needs. */
export const IN_THE_FORM: readonly string[] = [
  'NOCOBASE_AUTHENTICATOR',
  'NOCOBASE_RETURN_PATHS',
  'DINGTALK_CLIENT_ID',
  'DINGTALK_CLIENT_SECRET',
  'DINGTALK_CORP_ID',
  'DINGTALK_AUTO_SIGN_UP',
  'DINGTALK_ALLOW_ANY_ORGANIZATION',
  'DINGTALK_SIGN_UP_WITHOUT_PHONE',
  'DINGTALK_IDENTITY',
  'DINGTALK_DEFAULT_ROLES',
  'DINGTALK_FIELDS',
];

/** What the plugin decides by its own form wherever it gets tickets; and the secrets that only a NocoBase without it needs. */
const WITH_TICKETS: readonly string[] = [
  'NOCOBASE_MATCH',
  'NOCOBASE_SEVERAL_BINDINGS',
  'NOCOBASE_PROTECTED_ROLES',
  'NOCOBASE_DEFAULT_REGION',
  'NOCOBASE_STORAGE_PREFIX',
  'NOCOBASE_STORAGE_TYPE',
  'NOCOBASE_SHARE_TOKEN',
  'DINGTALK_AUTO_SIGN_UP',
  'DINGTALK_SIGN_UP_WITHOUT_PHONE',
  'DINGTALK_DEFAULT_ROLES',
  'NOCOBASE_API_TOKEN',
  'NOCOBASE_JWT_SECRET',
];

/**
 * The variables that are set and count for nothing, because NocoBase decides: an operator might rely on one of them.
 *
 * @param where `tickets`: the hand-off is one; `form`: the whole authenticator stands in NocoBase
 */
export function ignoredVariables(where: 'tickets' | 'form', environment: Environment): readonly string[] {
  const names = where === 'tickets' ? WITH_TICKETS : [...new Set([...IN_THE_FORM, ...WITH_TICKETS])];
  return names.flatMap((name) => [name, `${name}_FILE`]).filter((name) => (environment[name] ?? '').trim() !== '');
}
