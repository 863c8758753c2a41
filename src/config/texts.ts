import { text } from '../core/texts/index.js';

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
