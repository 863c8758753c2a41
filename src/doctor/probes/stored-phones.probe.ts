import { z } from 'zod';
import { canBeFound, DEFAULT_REGION, matchedFields, type Region } from '../../accounts/index.js';
import type { StockPatient } from '../patient.js';
import { attention, type Finding, ok, type Probe } from '../probe.js';
import { text } from '../text.js';

const PAGE_SIZE = 200;
/** A look, not an inventory: two thousand users say whether there is something to put right. */
const MAX_PAGES = 10;

const rows = z.object({ data: z.array(z.object({ id: z.int(), phone: z.string().nullish() })) });

/**
 * Whether people can be found by what stands in users.phone, which is free text at NocoBase. The key may see the field
 * anyway; no number is shown, only whose row it is.
 */
export const storedPhonesProbe: Probe<StockPatient> = {
  id: 'nocobase.phones',
  title: text('Phone numbers of users', '用户的手机号'),
  needs: ['nocobase.rights'],
  applies: ({ authenticator }) => matchedFields(authenticator.accounts.match).includes('phone'),
  run: async ({ nocobase, authenticator: { nocobase: options } }) => {
    const home = options.defaultRegion ?? DEFAULT_REGION;
    const seen = { numbers: 0, unreadable: [] as number[] };
    for (let page = 1; page <= MAX_PAGES; page += 1) {
      const query = { fields: 'id,phone', sort: 'id', pageSize: String(PAGE_SIZE), page: String(page) };
      const answer = await nocobase.get('users:list', { token: options.apiToken, query });
      const read = rows.safeParse(answer.json).data;
      if (answer.status !== 200 || read === undefined) return notSeen();
      look(read.data, home, seen);
      if (read.data.length < PAGE_SIZE) return finding(seen, true);
    }
    return finding(seen, false);
  },
};

function look(
  users: z.output<typeof rows>['data'],
  home: Region,
  seen: { numbers: number; readonly unreadable: number[] },
): void {
  for (const { id, phone } of users) {
    if (phone === undefined || phone === null || phone.trim() === '') continue;
    seen.numbers += 1;
    if (!canBeFound(phone, home)) seen.unreadable.push(id);
  }
}

function finding({ numbers, unreadable }: { numbers: number; unreadable: readonly number[] }, isAll: boolean): Finding {
  const among = isAll ? text('', '') : text(' among the first users', '（仅检查了前面的用户）');
  if (unreadable.length === 0) {
    return ok(text(`${numbers} numbers can be read${among.en}`, `${numbers} 个手机号均可识别${among.zh}`));
  }
  const some = unreadable.slice(0, 5).join(', ');
  return attention(
    text(
      `${unreadable.length} of ${numbers} cannot be read${among.en}: nobody is found by them (user id ${some}${unreadable.length > 5 ? ', …' : ''})`,
      `${numbers} 个手机号中有 ${unreadable.length} 个无法识别${among.zh}，无法据此找到用户（用户 ID ${some}${unreadable.length > 5 ? '…' : ''}）`,
    ),
    text(
      'NocoBase, Settings, Users & Permissions, Users: write these numbers like 13800000000 or +8613800000000. NOCOBASE_DEFAULT_REGION is the country of numbers without a country code.',
      'NocoBase → 设置 → 用户和权限 → 用户：将这些手机号改写为 13800000000 或 +8613800000000。没有国家代码的号码属于 NOCOBASE_DEFAULT_REGION 所指的国家或地区。',
    ),
  );
}

function notSeen(): Finding {
  return attention(
    text('could not be read at NocoBase', '无法从 NocoBase 读取'),
    text('Look at the rights of the key above.', '请查看上面的密钥权限。'),
  );
}
