import { apiPath } from '../../core/nocobase-web/index.js';
import { exchange, ExchangeError } from '../http-exchange.js';
import { nocoBaseCode } from '../nocobase-calls.js';
import type { Patient } from '../patient.js';
import { failed, ok, type Probe } from '../probe.js';
import { text } from '../../core/texts/index.js';
import { cannotConnect } from './cannot-connect.js';

/** Where people land after the sign-in. */
export const nocobasePublicUrlProbe: Probe<Patient> = {
  id: 'nocobase.public-url',
  title: text('Public address of NocoBase', 'NocoBase 的公开地址'),
  needs: ['nocobase.reachable'],
  run: async ({ authenticator: { nocobase } }) => {
    const { publicUrl, timeoutMs } = nocobase;
    try {
      const answer = await exchange(`${publicUrl}${apiPath(nocobase)}auth:check`, { timeoutMs });
      if (nocoBaseCode(answer) === 'EMPTY_TOKEN')
        return ok(text(`${publicUrl} is NocoBase`, `${publicUrl} 是 NocoBase`));
      return failed(
        text(
          `something else than NocoBase answers at ${publicUrl} (HTTP ${answer.status})`,
          `${publicUrl} 不是 NocoBase（HTTP ${answer.status}）`,
        ),
        text(
          'Set NOCOBASE_PUBLIC_URL to the address at which browsers open NocoBase, with https:// and its path if it has one (APP_PUBLIC_PATH).',
          '请将 NOCOBASE_PUBLIC_URL 设为浏览器打开 NocoBase 的地址，含 https:// 与路径（若设置了 APP_PUBLIC_PATH）。',
        ),
      );
    } catch (error) {
      if (error instanceof ExchangeError) return cannotConnect('NOCOBASE_PUBLIC_URL', publicUrl, error.code);
      throw error;
    }
  },
};
