import { type Text, text } from '../texts/index.js';

/** Messages with parameters about a value, which follow the name of its setting; the others are in `core/texts`. */
export const VALUE = {
  oneOf: (list: string) => text(`must be one of: ${list}`, `只能是以下之一：${list}`),
  wholeNumber: (min: number, max: number) =>
    text(`must be a whole number from ${min} to ${max}`, `必须是 ${min} 到 ${max} 的整数`),
  named: (name: string) => text(`begins with "${name}=": remove that`, `以“${name}=”开头：请去掉`),
  unseen: (code: string) =>
    text(`contains an invisible character (U+${code}): type it again`, `含有不可见字符（U+${code}）：请重新输入`),
} as const;

/** Problems of a file that a variable names; they follow the variable's name. */
export const FILE = {
  unreadable: (reason: Text) =>
    text(`names a file that cannot be read: ${reason.en}`, `所指的文件无法读取：${reason.zh}`),
  withCode: (reason: Text, code: string) => text(`${reason.en}, ${code}`, `${reason.zh}，${code}`),
  where: (place: Text, reason: Text) => text(`${place.en} (${reason.en})`, `${place.zh}（${reason.zh}）`),
  inFolder: (folder: string) => text(`in ${folder}`, `在文件夹 ${folder} 中`),
  besideVariable: (name: string) => text(`and ${name} are both set: keep one`, `与 ${name} 同时设置：只能保留一个`),
} as const;
