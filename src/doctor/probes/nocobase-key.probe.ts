import { z } from 'zod';
import { ROOT_USER_ID } from '../../core/accounts/index.js';
import type { Exchange } from '../http-exchange.js';
import { printable } from '../../printing/index.js';
import { nocoBaseCode } from '../nocobase-calls.js';
import type { StockPatient } from '../patient.js';
import { attention, failed, ok, type Probe } from '../probe.js';
import { text } from '../../core/texts/index.js';

const owner = z.object({ data: z.object({ id: z.int().positive(), username: z.string().nullish() }) });
const role = z.object({ data: z.object({ role: z.string() }) });
const PROVISION = text(
  'Run `nocobase-dingtalk-gateway provision` and set NOCOBASE_API_TOKEN to the key that it prints.',
  '请运行 `nocobase-dingtalk-gateway provision`，并将 NOCOBASE_API_TOKEN 设为它打印的密钥。',
);

const NO_KEY = text(
  'It is no API key of NocoBase: these have two dots.',
  '它不是 NocoBase 的 API 密钥：这种密钥含两个点。',
);

/** Whose key it is; undefined where NocoBase does not take it. */
export function keyOwner({ status, json }: Exchange): { id: number; username: string | undefined } | undefined {
  const found = owner.safeParse(json).data?.data;
  return status === 200 && found !== undefined ? { id: found.id, username: found.username ?? undefined } : undefined;
}

export const keyProbe: Probe<StockPatient> = {
  id: 'nocobase.key',
  title: text('NocoBase API key', 'NocoBase API 密钥'),
  needs: ['nocobase.reachable'],
  run: async ({ nocobase, authenticator }) => {
    const [checked, rights] = [await nocobase.keyCheck(), await nocobase.rightsCheck()];
    const user = keyOwner(checked);
    const held = role.safeParse(rights.json).data?.data.role;
    if (user === undefined || rights.status !== 200 || held === undefined) {
      const code = nocoBaseCode(user === undefined ? checked : rights);
      const why = authenticator.nocobase.apiToken.split('.').length === 3 ? reason(code) : NO_KEY;
      return failed(
        text(`NocoBase refuses it (${code})`, `NocoBase 拒绝（${code}）`),
        text(`${why.en} ${PROVISION.en}`, `${why.zh}${PROVISION.zh}`),
      );
    }
    const whose = text(
      `user ${user.id}${user.username === undefined ? '' : ` (${printable(user.username)})`}, role ${printable(held)}`,
      `用户 ${user.id}${user.username === undefined ? '' : `（${printable(user.username)}）`}，角色 ${printable(held)}`,
    );
    if (held === 'root' || held === 'admin' || user.id === ROOT_USER_ID) {
      return attention(
        text(`${whose.en}: far more rights than a sign-in needs`, `${whose.zh}：权限远超登录所需`),
        text(
          `Whoever gets hold of this key owns NocoBase. ${PROVISION.en}`,
          `任何人拿到该密钥即可控制 NocoBase。${PROVISION.zh}`,
        ),
      );
    }
    return ok(whose);
  },
};

function reason(code: string): { en: string; zh: string } {
  switch (code) {
    case 'BLOCKED_TOKEN':
      return text('The key was deleted in NocoBase.', '该密钥已在 NocoBase 中删除。');
    case 'INVALID_TOKEN':
      return text(
        'The key is not of this NocoBase, was cut off, or NocoBase changed its APP_KEY.',
        '该密钥不属于此 NocoBase、被截断，或 NocoBase 更换了 APP_KEY。',
      );
    case 'NOT_EXIST_USER':
      return text("The key's user was deleted.", '密钥所属用户已被删除。');
    case 'ROLE_NOT_FOUND_FOR_USER':
    case 'USER_HAS_NO_ROLES_ERR':
      return text("The key's user no longer holds its role.", '密钥所属用户不再拥有该角色。');
    default:
      return text('The key does not work.', '该密钥无法使用。');
  }
}
