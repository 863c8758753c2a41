import { type Text, text } from '../core/texts/index.js';

/** Problems of a file that a variable names; they follow the variable's name. */
export const FILE = {
  unreadable: (reason: Text) =>
    text(`names a file that cannot be read: ${reason.en}`, `所指的文件无法读取：${reason.zh}`),
  withCode: (reason: Text, code: string) => text(`${reason.en}, ${code}`, `${reason.zh}，${code}`),
  where: (place: Text, reason: Text) => text(`${place.en} (${reason.en})`, `${place.zh}（${reason.zh}）`),
  inFolder: (folder: string) => text(`in ${folder}`, `在文件夹 ${folder} 中`),
  besideVariable: (name: string) => text(`and ${name} are both set: keep one`, `与 ${name} 同时设置：只能保留一个`),
} as const;

/** Names that are unknown, or nearly ours. */
export const NAMES = {
  meant: (name: string, nearest: string) =>
    text(
      `${name} is not a variable of the gateway: ${nearest} is meant?`,
      `${name} 不是网关的变量：是否应为 ${nearest}？`,
    ),
  notFromFile: (name: string, variable: string) =>
    text(`${name} is not read: ${variable} cannot come from a file`, `${name} 不会被读取：${variable} 不能来自文件`),
  unknown: (name: string, nearest: string) =>
    text(
      `${name} is not a variable of the gateway (the nearest is ${nearest})`,
      `${name} 不是网关的变量（最接近的是 ${nearest}）`,
    ),
  unknownInFile: (names: string) =>
    text(`.env has what the gateway does not read: ${names}`, `.env 中有网关不读取的变量：${names}`),
} as const;
