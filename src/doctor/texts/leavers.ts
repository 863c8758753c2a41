import { text } from '../../core/texts/index.js';

/** Of what the gateway keeps of people who may leave. */
export const KEPT = {
  title: text('Leavers: what is kept', '离职：保存的内容'),
  inRedis: text(
    'who is who at DingTalk is kept in Redis (6.2 or later)',
    '与钉钉人员的对应关系保存在 Redis（6.2 或更高版本）',
  ),
  inFile: (folder: string) =>
    text(`who is who at DingTalk is kept in ${folder}`, `与钉钉人员的对应关系保存在 ${folder}`),
  nowhere: (folder: string) =>
    text(
      `${folder} cannot be written, and there is no Redis: no event is taken, and after a restart nobody is known who left before it`,
      `无法写入 ${folder}，也没有 Redis：不接收事件；重启后无法识别此前离开的人`,
    ),
  giveFolder: text(
    'Let STATE_FOLDER name a folder that the gateway may write and that stays, such as a volume; or set REDIS_URL.',
    '请让 STATE_FOLDER 指向网关可写且会保留的文件夹（如卷），或设置 REDIS_URL。',
  ),
} as const;

/** Of the plugin's book of people and locks. */
export const BOOK = {
  title: text('Leavers: book of the plugin', '离职：插件的记录'),
  answers: (bound: number) => text(`knows ${bound} people who are linked`, `记录了 ${bound} 位已绑定的人`),
  isOff: text('its form says that leavers are not looked at', '插件表单设为不检查离职'),
  none: text('this plugin keeps none: nobody is noticed who leaves', '此版本的插件没有该记录：无法发现离职人员'),
  update: text(
    'Update the plugin to the version of the gateway, then choose in its form what comes of leavers.',
    '请将插件更新到与网关相同的版本，并在其表单中选择离职的处理方式。',
  ),
} as const;
