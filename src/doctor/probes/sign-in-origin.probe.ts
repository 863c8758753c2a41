import { apiPath, ofApp } from '../../core/nocobase-web/index.js';
import { TICKET_HEADER } from '../../core/plugin-protocol/index.js';
import { exchange, ExchangeError } from '../http-exchange.js';
import { isForbidden } from '../nocobase-calls.js';
import type { PluginPatient } from '../patient.js';
import { failed, ok, type Probe, skipped } from '../probe.js';
import { text } from '../../core/texts/index.js';

/**
 * Whether NocoBase takes its own page for its own: since 2.2 it compares the `Origin` that a browser sends with a sign-in
 * with what the proxy in front of it says of scheme and host (`assertTrustedSignInOrigin` in `@nocobase/auth`). Asked as the
 * page does it, with a ticket that is none: nobody is signed in.
 */
export const signInOriginProbe: Probe<PluginPatient> = {
  id: 'nocobase.sign-in-origin',
  title: text('Origin of sign-ins at NocoBase', 'NocoBase 的登录来源'),
  needs: ['nocobase.public-url'],
  run: async ({ authenticator }) => {
    const { publicUrl, app, timeoutMs } = authenticator.nocobase;
    const { origin } = new URL(publicUrl);
    try {
      const answer = await exchange(`${publicUrl}${apiPath(authenticator.nocobase)}auth:signIn`, {
        method: 'POST',
        timeoutMs,
        headers: {
          origin,
          'x-authenticator': authenticator.name,
          [TICKET_HEADER]: 'doctor',
          ...ofApp(app),
        },
      });
      if (!isForbidden(answer)) return ok(text(`NocoBase takes ${origin} for its own`, `NocoBase 接受 ${origin}`));
      return failed(
        text(
          `NocoBase refuses every sign-in from ${origin} ("Invalid sign-in origin")`,
          `NocoBase 拒绝来自 ${origin} 的所有登录（“Invalid sign-in origin”）`,
        ),
        text(
          'Have the proxy in front of NocoBase send X-Forwarded-Proto with the scheme that browsers use, and Host or X-Forwarded-Host with their host and port.',
          '请在 NocoBase 前面的代理中设置 X-Forwarded-Proto（浏览器使用的协议），以及 Host 或 X-Forwarded-Host（浏览器使用的主机与端口）。',
        ),
      );
    } catch (error) {
      if (error instanceof ExchangeError) {
        return skipped(text(`NocoBase did not answer (${error.code})`, `NocoBase 没有应答（${error.code}）`));
      }
      throw error;
    }
  },
};
