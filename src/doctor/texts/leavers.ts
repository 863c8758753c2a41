import { text } from '../../core/texts/index.js';

/** About the gateway's storage for people who may leave. */
export const KEPT = {
  title: text('Leavers: what is kept', '离职：保存的内容'),
  inRedis: text(
    "people's DingTalk userids are stored in Redis (6.2 or later)",
    '用户的钉钉 userid 保存在 Redis（6.2 或更高版本）',
  ),
  inFile: (folder: string) =>
    text(`people's DingTalk userids are stored in ${folder}`, `用户的钉钉 userid 保存在 ${folder}`),
  nowhere: (folder: string) =>
    text(
      `${folder} cannot be written, and Redis is not set: events are not accepted, and people who left before a restart are not found after it`,
      `无法写入 ${folder}，也未设置 Redis：不接收事件；重启后无法识别此前离开的人`,
    ),
  giveFolder: text(
    'Set STATE_FOLDER to a persistent folder that the gateway can write, such as a volume; or set REDIS_URL.',
    '请将 STATE_FOLDER 设为网关可写的持久化文件夹（如卷），或设置 REDIS_URL。',
  ),
} as const;

/** About the plugin's book of people and locks. */
export const BOOK = {
  title: text('Leavers: records of the plugin', '离职：插件的记录'),
  answers: (bound: number) => text(`linked people: ${bound}`, `已绑定的人数：${bound}`),
  isOff: text("switched off in the plugin's form", '已在插件表单中设为不处理'),
  none: text(
    'this version of the plugin has none: people who leave are not noticed',
    '此版本的插件没有该记录：无法发现离职人员',
  ),
  update: text(
    'Update the plugin to the version of the gateway, then choose "When someone leaves the organization" in its form.',
    '请将插件更新到与网关相同的版本，并在其表单中设置“有人离开组织时”。',
  ),
} as const;
