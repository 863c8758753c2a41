import { type Environment, fromEnvironment } from '../config/index.js';
import { type FieldRule, fieldRules } from '../core/accounts/index.js';
import { codePattern, dingtalk, type DingTalkValues } from '../core/settings/index.js';

/** The settings in the form and with the names that the provider's rooms use. */
export interface DingTalkSettings extends Omit<DingTalkValues, Reshaped> {
  readonly corpIds: readonly string[];
  /** Fields of NocoBase's users that come from DingTalk. */
  readonly fields: readonly FieldRule[];
  /** An HTTP proxy for all calls to DingTalk; contains a password. */
  readonly proxyUrl?: string;
  /** The format of codes, if stricter than documented. */
  readonly codePattern?: RegExp;
  /** DingTalk's script for a code to scan on the sign-in page, if that is enabled. */
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
