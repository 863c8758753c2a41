import { type Text, text } from '../core/texts/index.js';
import { withNames } from './names-of-settings.js';
import type { Result } from './probe.js';

/** What an administrator who never sees our variables finds in NocoBase's form. */
const FIELDS: Readonly<Record<string, Text>> = {
  clientId: text('"Client ID" in NocoBase', 'NocoBase 中的“Client ID”'),
  clientSecret: text('"Client Secret" in NocoBase', 'NocoBase 中的“Client Secret”'),
  corpId: text('"Organization (corp id)" in NocoBase', 'NocoBase 中的“组织（Corp ID）”'),
  match: text('"How people are matched" in NocoBase', 'NocoBase 中的“匹配方式”'),
  defaultRegion: text('"Country of phone numbers" in NocoBase', 'NocoBase 中的“手机号所属国家或地区”'),
  identity: text('"Who a person is" in NocoBase', 'NocoBase 中的身份来源'),
};

/** The same finding, for settings that stand in NocoBase. */
export function inWordsOfTheForm(result: Result): Result {
  return withNames(result, (_section, key, lang) => FIELDS[key]?.[lang]);
}
