export { ADDRESS_RANGES, isProxyRange } from './address-ranges.js';
export { AUTHENTICATOR_NAME } from './authenticator-name.js';
export { HTTPS_OR_LOOPBACK, httpsOrAcceptedPrivate, parseBaseUrl } from './base-url.js';
export { codePattern } from './code-pattern.js';
export { namesRoot } from './default-roles.js';
export { defaultsOf } from './defaults.js';
export { declaredVariables, variableNames } from './declared-variables.js';
export { dingtalk, type DingTalkValues } from './dingtalk.js';
export { fileProblem } from './file-problem.js';
export { formSettings } from './form-settings.js';
export { type Found, judge, type Problem } from './judge.js';
export { baseUrl, choice, flag, list, secret, text, wholeNumber, withoutTrailingNewline } from './kinds.js';
export { nocobase, type NocoBaseValues } from './nocobase.js';
export { isCorpId, isListItem } from './list-item.js';
export { isLoopback, isPrivate } from './private-network.js';
export { PROTECTED_ROLES } from './protected-roles.js';
export {
  declaredSections,
  rule,
  type Section,
  section,
  type Setting,
  type Settings,
  type Values,
  variableOf,
} from './setting.js';
export { isPartlyUnseen, oddityOfSecret } from './tidy-value.js';
export { readSecretFile } from './secret-file.js';
export { variableIn } from './variable.js';
export { registersAnybody, registersByAccident, registersTheUnknown } from './who-registers.js';
export { MAX_ITEMS, MAX_LENGTH, MAX_PINS, MAX_REQUESTS_PER_MINUTE, REQUESTS_PER_MINUTE } from './form-rules.js';
