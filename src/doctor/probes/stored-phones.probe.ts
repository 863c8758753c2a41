import { z } from 'zod';
import { DEFAULT_REGION, lookAtStoredPhones, matchedFields, type StoredPhones } from '../../core/accounts/index.js';
import type { PluginPatient, StockPatient } from '../patient.js';
import { attention, type Finding, ok, type Probe } from '../probe.js';
import { type Text, text } from '../../core/texts/index.js';

const PROBE = { id: 'nocobase.phones', title: text('Phone numbers of users', '用户的手机号') } as const;

const rows = z.object({ data: z.array(z.object({ id: z.int(), phone: z.string().nullish() })) });

/** Whether people can be found by what stands in users.phone. The key may see the field anyway. */
export const storedPhonesProbe: Probe<StockPatient> = {
  ...PROBE,
  needs: ['nocobase.rights'],
  applies: ({ authenticator }) => matchedFields(authenticator.accounts.match).includes('phone'),
  run: async ({ nocobase, authenticator: { nocobase: options } }) => {
    const seen = await lookAtStoredPhones(options.defaultRegion ?? DEFAULT_REGION, async ({ number, size }) => {
      const query = { fields: 'id,phone', sort: 'id', pageSize: String(size), page: String(number) };
      const answer = await nocobase.get('users:list', { token: options.apiToken, query });
      return answer.status === 200 ? rows.safeParse(answer.json).data?.data : undefined;
    });
    return seen === undefined
      ? notSeen(text('Look at the rights of the key above.', '请查看上面的密钥权限。'))
      : finding(seen);
  },
};

/** The plugin looks for us. */
export const pluginStoredPhonesProbe: Probe<PluginPatient> = {
  ...PROBE,
  needs: ['nocobase.plugin', 'nocobase.address'],
  run: async (patient) => {
    const { authenticators } = await patient.pluginSettings();
    const told = authenticators.find(({ name }) => name === patient.authenticator.name);
    if (told?.match === 'none') return ok(text('nobody is matched by a number', '不按手机号匹配用户'));
    if (told?.storedPhones !== undefined) return finding(told.storedPhones);
    return notSeen(text("Take the plugin of the gateway's version.", '请使用与网关版本相同的插件。'));
  },
};

function finding({ numbers, unreadable, users, isAll }: StoredPhones): Finding {
  const among = isAll ? text('', '') : text(' among the first users', '（仅检查了前面的用户）');
  if (unreadable === 0) {
    return ok(text(`${numbers} numbers can be read${among.en}`, `${numbers} 个手机号均可识别${among.zh}`));
  }
  const some = users.join(', ');
  const isMore = unreadable > users.length;
  return attention(
    text(
      `${unreadable} of ${numbers} cannot be read${among.en}: nobody is found by them (user id ${some}${isMore ? ', …' : ''})`,
      `${numbers} 个手机号中有 ${unreadable} 个无法识别${among.zh}，无法据此找到用户（用户 ID ${some}${isMore ? '…' : ''}）`,
    ),
    text(
      'NocoBase, Settings, Users & Permissions, Users: write these numbers like 13800000000 or +8613800000000. NOCOBASE_DEFAULT_REGION is the country of numbers without a country code.',
      'NocoBase → 设置 → 用户和权限 → 用户：将这些手机号改写为 13800000000 或 +8613800000000。没有国家代码的号码属于 NOCOBASE_DEFAULT_REGION 所指的国家或地区。',
    ),
  );
}

function notSeen(fix: Text): Finding {
  return attention(text('could not be read at NocoBase', '无法从 NocoBase 读取'), fix);
}
