import { type Environment, fromEnvironment } from '../config/index.js';
import { type FieldRule, fieldRules } from '../core/accounts/index.js';
import { codePattern, dingtalk, type DingTalkValues } from '../core/settings/index.js';

/** What the provider's rooms need of the schema's values, under the words that they use. */
export interface DingTalkSettings extends Omit<DingTalkValues, Reshaped> {
  readonly corpIds: readonly string[];
  /** Fields of NocoBase's users that come from DingTalk. */
  readonly fields: readonly FieldRule[];
  /** An HTTP proxy for all calls to DingTalk; holds a password. */
  readonly proxyUrl?: string;
  /** What codes look like, beyond what DingTalk documents. */
  readonly codePattern?: RegExp;
  /** DingTalk's script for a code to scan on the sign-in page, where that is switched on. */
  readonly scanScriptUrl?: string;
}

type Reshaped =
  | 'corpId'
  | 'allowAnyOrganization'
  | 'fields'
  | 'proxyUrl'
  | 'codePattern'
  | 'scanWidget'
  | 'scanScriptUrl';

/** @throws InvalidEnvironmentError */
export function readDingTalkSettings(environment: Environment): DingTalkSettings {
  return dingTalkSettings(fromEnvironment(dingtalk, environment));
}

export function dingTalkSettings(values: DingTalkValues): DingTalkSettings {
  const { corpId, allowAnyOrganization: _, fields, proxyUrl, scanWidget, scanScriptUrl, ...same } = values;
  const { codePattern: written, ...others } = same;
  const pattern = codePattern(written ?? '');
  return {
    ...others,
    corpIds: corpId,
    fields: fieldRules(fields),
    ...(proxyUrl === undefined ? {} : { proxyUrl }),
    ...(pattern === undefined ? {} : { codePattern: pattern }),
    ...(scanWidget ? { scanScriptUrl } : {}),
  };
}
