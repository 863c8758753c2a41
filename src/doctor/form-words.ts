import type { Result } from './probe.js';
import { ignoredVariablesProbe } from './probes/ignored-variables.probe.js';
import { type Text, text } from '../core/texts/index.js';

/** What an administrator who never sees our variables finds in NocoBase's form. */
const FIELDS: Readonly<Record<string, Text>> = {
  DINGTALK_CLIENT_ID: text('"Client ID" in NocoBase', 'NocoBase 中的“Client ID”'),
  DINGTALK_CLIENT_SECRET: text('"Client Secret" in NocoBase', 'NocoBase 中的“Client Secret”'),
  DINGTALK_CORP_ID: text('"Organization (corp id)" in NocoBase', 'NocoBase 中的“组织（Corp ID）”'),
  NOCOBASE_MATCH: text('"How people are matched" in NocoBase', 'NocoBase 中的“匹配方式”'),
  NOCOBASE_DEFAULT_REGION: text('"Country of phone numbers" in NocoBase', 'NocoBase 中的“手机号所属国家或地区”'),
  DINGTALK_IDENTITY: text('"Who a person is" in NocoBase', 'NocoBase 中的身份来源'),
};
const NAMES = new RegExp(`\\b(${Object.keys(FIELDS).join('|')})\\b`, 'g');

/** The same finding, for settings that stand in NocoBase. */
export function inWordsOfTheForm(result: Result): Result {
  // It speaks of variables.
  if (result.id === ignoredVariablesProbe.id) return result;
  const { fix } = result;
  return { ...result, detail: reworded(result.detail), ...(fix === undefined ? {} : { fix: reworded(fix) }) };
}

function reworded({ en, zh }: Text): Text {
  return {
    en: en.replace(NAMES, (name) => FIELDS[name]?.en ?? name),
    zh: zh.replace(NAMES, (name) => FIELDS[name]?.zh ?? name),
  };
}
