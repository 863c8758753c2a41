import { type Text, text } from '../core/texts/index.js';

/** About settings that are ignored or look wrong. */
export const NOTICES = {
  sameAddress: text(
    'PUBLIC_URL is also the address of NocoBase: give PUBLIC_URL its own path, such as /sso, or its own host name',
    'PUBLIC_URL 与 NocoBase 的地址相同：请为 PUBLIC_URL 加上自己的路径（如 /sso），或使用单独的域名',
  ),
  besideTheFile: (names: string) =>
    text(
      `set, but not used beside AUTHENTICATORS_FILE: ${names}`,
      `已设置，但使用 AUTHENTICATORS_FILE 时不起作用：${names}`,
    ),
  takenAsItIs: (name: string, oddity: Text) =>
    text(`${name} ${oddity.en}; it is used unchanged`, `${name} ${oddity.zh}；按原样使用`),
  noApiKey: (authenticator: string) =>
    text(
      `${authenticator}NOCOBASE_API_TOKEN does not look like an API key of NocoBase, which contains two dots`,
      `${authenticator}NOCOBASE_API_TOKEN 不像 NocoBase 的 API 密钥（应含两个点）`,
    ),
} as const;

/** About where the ways to sign in are configured. */
export const SOURCE = {
  orInNocoBase: text(
    "AUTHENTICATORS_SOURCE=nocobase is the alternative: with the companion plugin, NocoBase's form holds the DingTalk settings, and neither DingTalk variables nor a NocoBase key or secret are needed here",
    'AUTHENTICATORS_SOURCE=nocobase 是另一种方式：NocoBase 装有配套插件时，钉钉的设置都在其表单中填写，此处不需要钉钉的变量，也不需要 NocoBase 的密钥',
  ),
} as const;

/** About an invalid `AUTHENTICATORS_FILE`. */
export const FILE = {
  twice: (name: string) => text(`names the authenticator ${name} twice`, `中认证器 ${name} 出现了两次`),
  notYaml: (problem: Text) => text(`is not YAML or JSON: ${problem.en}`, `不是 YAML 或 JSON：${problem.zh}`),
  tooManyAliases: text('has too many aliases', '中的别名太多'),
  tab: (line: number) =>
    text(
      `line ${line} begins with a tab, where YAML allows only spaces`,
      `第 ${line} 行以制表符开头，而 YAML 只接受空格`,
    ),
  inLine: (code: string, line: number) => text(`${code} in line ${line}`, `第 ${line} 行：${code}`),

  // About its shape.
  whole: text('the file', '整个文件'),
  at: (place: Text, problem: Text) => text(`${place.en}: ${problem.en}`, `${place.zh}：${problem.zh}`),
  unknownKeys: (keys: string) => text(`has unknown keys: ${keys}`, `含有未知的键：${keys}`),
  unsetVariable: (name: string) => text(`names the variable ${name}, which is not set`, `所指的变量 ${name} 未设置`),
  unsetUnnamed: text('names a variable, which is not set', '所指的变量未设置'),
  logoTooLarge: (kibibytes: number) => text(`must have at most ${kibibytes} KiB`, `最大 ${kibibytes} KiB`),
} as const;

/** Translations of the schema's own messages. */
export const SHAPE_IN_CHINESE = {
  emptyList: '至少要有一项',
  empty: '不能为空',
  tooManyItems: (count: number | bigint) => `最多 ${count} 项`,
  tooLong: (count: number | bigint) => `最多 ${count} 个字符`,
  oneOf: (values: string) => `只能是以下之一：${values}`,
} as const;

/** About invalid values in NocoBase's form. */
export const FORM = {
  problem: (authenticator: string, { en, zh }: Text) =>
    text(`NocoBase, authenticator ${authenticator}: ${en}`, `NocoBase，认证器 ${authenticator}：${zh}`),
} as const;
