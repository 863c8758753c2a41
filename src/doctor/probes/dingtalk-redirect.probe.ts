import { randomBytes } from 'node:crypto';
import { authorizationUrl, redirectUri } from '../../dingtalk/index.js';
import { exchange } from '../http-exchange.js';
import type { Patient } from '../patient.js';
import { attention, failed, type Probe } from '../probe.js';
import { text } from '../../core/texts/index.js';

/**
 * DingTalk documents no answer for an address that is not registered: a clear refusal is one, and everything else says
 * nothing, as its page is put together in the browser.
 */
export const redirectProbe: Probe<Patient> = {
  id: 'dingtalk.redirect',
  title: text('Redirect URL registered at DingTalk', '在钉钉登记的重定向 URL'),
  needs: ['dingtalk.host.login', 'dingtalk.credentials'],
  run: async ({ publicUrl, authenticator: { name, dingtalk } }) => {
    const options = { ...dingtalk, publicUrl, authenticator: name };
    const callback = redirectUri(options);
    const url = authorizationUrl(options, randomBytes(32).toString('base64url'));
    const { timeoutMs, proxyUrl } = dingtalk;
    const { status } = await exchange(url, { headers: { accept: 'text/html' }, timeoutMs, proxyUrl });
    const where = text(
      `open-dev.dingtalk.com, your application, Security settings, Redirect URL: enter exactly ${callback} ; then Version management: publish.`,
      `open-dev.dingtalk.com → 您的应用 → 安全设置 → 重定向 URL：原样填写 ${callback} ；然后在“版本管理与发布”发布。`,
    );
    if (status >= 400 && status < 500) {
      return failed(
        text(
          `DingTalk refuses the request for ${callback} (HTTP ${status})`,
          `钉钉拒绝了 ${callback} 的请求（HTTP ${status}）`,
        ),
        where,
      );
    }
    return attention(
      text(
        `${callback} is not refused outright; only a sign-in shows that it is registered`,
        `${callback} 未被直接拒绝；只有实际登录才能确认已登记`,
      ),
      where,
    );
  },
};
