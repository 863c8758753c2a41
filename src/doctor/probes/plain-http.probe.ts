import { isPlainHttp } from '../../config/index.js';
import type { Settings } from '../../settings.js';
import { attention, type Probe } from '../probe.js';
import { text } from '../../core/texts/index.js';

/** The operator has allowed it; what it gives up is said every time. */
export const plainHttpProbe: Probe<Settings> = {
  id: 'plain-http',
  title: text('Sign-in without TLS', '未加密的登录'),
  applies: ({ app }) => isPlainHttp(app),
  run: async ({ app }) =>
    attention(
      text(
        `${app.publicUrl} is http: whoever can read or change the traffic of this network can take over any sign-in and any session`,
        `${app.publicUrl} 使用 http：能读取或篡改该网络流量的人可以接管任意登录和会话`,
      ),
      text(
        'ALLOW_PRIVATE_HTTP=true accepts this. Better: https with a certificate of an internal CA, whose root NocoBase and the gateway trust by NODE_EXTRA_CA_CERTS.',
        'ALLOW_PRIVATE_HTTP=true 表示接受该风险。更好的做法：使用内部 CA 签发的证书启用 https，并通过 NODE_EXTRA_CA_CERTS 让 NocoBase 和网关信任其根证书。',
      ),
    ),
};
