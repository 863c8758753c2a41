import type { StockPatient } from '../patient.js';
import { failed, ok, type Probe } from '../probe.js';
import { text } from '../../core/texts/index.js';

export const handOffProbe: Probe<StockPatient> = {
  id: 'hand-off',
  title: text('Hand-off of the session', '会话交接方式'),
  run: async ({ publicUrl, authenticator: { nocobase } }) => {
    const [gateway, target] = [new URL(publicUrl).origin, new URL(nocobase.publicUrl).origin];
    if (nocobase.handOff === 'page' && gateway !== target) {
      return failed(
        text(
          `page, but ${gateway} and ${target} are two origins: the browser keeps the session where NocoBase cannot read it`,
          `page，但 ${gateway} 与 ${target} 不同源：浏览器保存的会话 NocoBase 读不到`,
        ),
        text(
          'Set NOCOBASE_HANDOFF=auto, or put both behind one host name and set PUBLIC_URL and NOCOBASE_PUBLIC_URL to it.',
          '请设置 NOCOBASE_HANDOFF=auto，或将两者放到同一域名下，并相应设置 PUBLIC_URL 与 NOCOBASE_PUBLIC_URL。',
        ),
      );
    }
    return ok(
      nocobase.handOff === 'page'
        ? text('page: one origin, the session never stands in an address', 'page：同源，会话不会出现在地址中')
        : text(
            "query: NocoBase's own ?token=; keep queries out of the access logs of what stands before NocoBase",
            'query：使用 NocoBase 自带的 ?token=；请勿让 NocoBase 前面的代理记录查询参数',
          ),
    );
  },
};
