import { text } from '../../texts/index.js';

/** Why a secret can be guessed; follows its name. */
export const WEAKNESS = {
  short: (length: number) => text(`is shorter than ${length} characters`, `少于 ${length} 个字符`),
  blank: text('begins or ends with a space', '开头或末尾有空格'),
  placeholder: text('looks like a placeholder from an example', '看起来是示例中的占位内容'),
  repeated: text('is a repetition or a sequence', '是重复或连续的字符'),
  fewCharacters: text('uses too few different characters', '所用字符种类太少'),
} as const;

/** What to do about a secret that DingTalk issued. */
export const COPY_CLIENT_SECRET = text(
  '{dingtalk.clientSecret}: copy it from open-dev.dingtalk.com, your application, Credentials; if it really is this one, reset it there.',
  '{dingtalk.clientSecret}：从 open-dev.dingtalk.com → 您的应用 → 凭证与基础信息复制；如果确实就是它，请在那里重置。',
);
