import { attention, exchange, ok, type Probe } from '../../core/doctor/index.js';
import { passwordUrl } from '../../authenticators/index.js';
import type { DoctorContext } from '../doctor-context.js';
import { PASSWORD_PATH } from '../texts/public-addresses.js';

/**
 * Whether "Sign in with a password" works: the proxy recipes redirect NocoBase's sign-in page to the gateway, except
 * with `?local=1`.
 */
export const passwordPathProbe: Probe<DoctorContext> = {
  id: 'nocobase.password-path',
  title: PASSWORD_PATH.title,
  needs: ['nocobase.public-url'],
  run: async ({ authenticator, publicUrl }) => {
    const address = passwordUrl(authenticator);
    const { status, headers } = await exchange(address, {
      timeoutMs: authenticator.nocobase.timeoutMs,
      headers: { accept: 'text/html' },
    });
    if (status < 300 || status >= 400 || !leadsBelow(publicUrl, headers.location, address)) {
      return ok(PASSWORD_PATH.leadsElsewhere(address));
    }
    return attention(PASSWORD_PATH.leadsBack(address), PASSWORD_PATH.setLocal);
  },
};

function leadsBelow(publicUrl: string, location: string | undefined, from: string): boolean {
  if (location === undefined || !URL.canParse(location, from)) return false;
  const [target, gateway] = [new URL(location, from), new URL(publicUrl)];
  const base = gateway.pathname.replace(/\/$/, '');
  return target.origin === gateway.origin && `${target.pathname}/`.startsWith(`${base}/`);
}
