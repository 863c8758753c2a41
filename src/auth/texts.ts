import { type Text, text } from '../core/texts/index.js';

/** About the secret that the gateway generates and stores. */
export const KEPT_SECRET = {
  required: (reason: Text) =>
    text(`AUTH_COOKIE_SECRET is required: ${reason.en}`, `AUTH_COOKIE_SECRET 必填：${reason.zh}`),
  withRedis: text(
    'with REDIS_URL there may be several processes, and all need the same secret: at least 32 random characters, such as the output of `openssl rand -base64 48`',
    '设置了 REDIS_URL 即可能有多个进程，它们必须使用相同的密钥：至少 32 个随机字符，可用 `openssl rand -base64 48` 生成',
  ),
  cannotBeMade: (path: string, code: string) =>
    text(
      `at least 32 random characters. The gateway could not generate one itself, as it cannot write ${path} (${code}): set STATE_FOLDER to a folder that it can write`,
      `至少 32 个随机字符。网关无法自行生成，因为不能写入 ${path}（${code}）：请用 STATE_FOLDER 指定一个可写的文件夹`,
    ),
  unusable: (path: string, reason: Text) =>
    text(
      `STATE_FOLDER: the secret in ${path} cannot be used: ${reason.en}`,
      `STATE_FOLDER：${path} 中的密钥无法使用：${reason.zh}`,
    ),

  // Reasons.
  isLink: text('it is a symbolic link', '它是符号链接'),
  unreadable: (code: string) => text(`it cannot be read (${code})`, `无法读取（${code}）`),
  notWritten: (code: string) => text(`it cannot be written (${code})`, `无法写入（${code}）`),
  noFile: text('it is not a file', '它不是文件'),
  empty: text('it is empty', '它是空的'),
  tooLong: text('it is too long', '内容太长'),
  ofAnother: text('it belongs to another user', '它属于其他用户'),
  openToOthers: text(
    'users other than its owner can read it: run chmod 600, and replace the secret if someone may have read it',
    '所有者以外的用户可以读取：请运行 chmod 600；若可能已被他人读取，请更换密钥',
  ),
} as const;
