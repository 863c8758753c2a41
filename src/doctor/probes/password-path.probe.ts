import { passwordUrl } from '../../authenticators/index.js';
import { exchange } from '../http-exchange.js';
import type { Patient } from '../patient.js';
import { attention, ok, type Probe } from '../probe.js';
import { text } from '../../core/texts/index.js';

/**
 * Whether "Sign in with a password" gets there: the proxy recipes lead NocoBase's sign-in page to the gateway, but for
 * `?local=1`.
 */
export const passwordPathProbe: Probe<Patient> = {
  id: 'nocobase.password-path',
  title: text('Way in with a password', '密码登录入口'),
  needs: ['nocobase.public-url'],
  run: async ({ authenticator, publicUrl }) => {
    const address = passwordUrl(authenticator);
    const { status, headers } = await exchange(address, {
      timeoutMs: authenticator.nocobase.timeoutMs,
      headers: { accept: 'text/html' },
    });
    if (status < 300 || status >= 400 || !leadsBelow(publicUrl, headers.location, address)) {
      return ok(text(`${address} does not lead back to the gateway`, `${address} 不会回到网关`));
    }
    return attention(
      text(
        `${address} leads back to the gateway: nobody finds NocoBase's form when DingTalk is down`,
        `${address} 会回到网关：钉钉不可用时，无法打开 NocoBase 的登录表单`,
      ),
      text(
        'Set NOCOBASE_PASSWORD_PATH=/signin?local=1, which the proxy recipes leave to NocoBase.',
        '请设置 NOCOBASE_PASSWORD_PATH=/signin?local=1，反向代理示例会把它留给 NocoBase。',
      ),
    );
  },
};

function leadsBelow(publicUrl: string, location: string | undefined, from: string): boolean {
  if (location === undefined || !URL.canParse(location, from)) return false;
  const [target, gateway] = [new URL(location, from), new URL(publicUrl)];
  const base = gateway.pathname.replace(/\/$/, '');
  return target.origin === gateway.origin && `${target.pathname}/`.startsWith(`${base}/`);
}
