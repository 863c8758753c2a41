import { text } from '../../core/texts/index.js';

/** About the gateway's storage for people who may leave. */
export const KEPT = {
  title: text('Leavers: what is kept', '离职：保存的内容'),
  inRedis: text("people's DingTalk userids are stored in Redis", '用户的钉钉 userid 保存在 Redis 中'),
  inOldRedis: text(
    'Redis does not know the command ZMSCORE: it is older than 6.2, or the command is disabled. People who leave are not noticed',
    'Redis 不支持 ZMSCORE 命令：版本低于 6.2，或该命令已被禁用。无法发现离职人员',
  ),
  updateRedis: text(
    'The operator of Redis must update it to 6.2 or later, or allow the command.',
    '请 Redis 的运维人员升级到 6.2 或更高版本，或允许使用该命令。',
  ),
  notInRedis: (code: string) =>
    text(
      `Redis does not answer the question of who left (${code}): people who leave are not noticed`,
      `Redis 无法回答谁已离职（${code}）：无法发现离职人员`,
    ),
  repairRedis: text(
    'Follow the advice at "Shared store (Redis)". NOPERM: the operator of Redis must allow the user of REDIS_URL all commands on keys that begin with sign-in-gateway:.',
    '请按“共享存储（Redis）”一项的说明处理。NOPERM：请 Redis 的运维人员允许 REDIS_URL 中的用户对以 sign-in-gateway: 开头的键执行所有命令。',
  ),
  inVolatileRedis: text(
    "people's DingTalk userids are stored in Redis, which saves nothing to disk: after its restart, people who left shortly before are not found",
    '用户的钉钉 userid 保存在 Redis 中，但 Redis 不写入磁盘：Redis 重启后，无法识别在此前不久离开的人',
  ),
  letRedisPersist: text(
    'The operator of Redis must let it persist its data: appendonly yes, in a folder that survives its restart.',
    '请 Redis 的运维人员开启持久化：appendonly yes，并使用重启后仍保留的文件夹。',
  ),
  inFile: (folder: string) =>
    text(`people's DingTalk userids are stored in ${folder}`, `用户的钉钉 userid 保存在 ${folder}`),
  nowhere: (folder: string) =>
    text(
      `${folder} cannot be written, and Redis is not set: events are not accepted, and people who left before a restart are not found after it`,
      `无法写入 ${folder}，也未设置 Redis：不接收事件；重启后无法识别此前离开的人`,
    ),
  full: (people: number) =>
    text(
      `${people} people are stored, and there is no room for more: the others are not found when they leave`,
      `已保存 ${people} 人，无法再增加：其余的人离职时不会被发现`,
    ),
  setRedis: text('Set REDIS_URL: Redis has no such limit.', '请设置 REDIS_URL：Redis 没有此上限。'),
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
