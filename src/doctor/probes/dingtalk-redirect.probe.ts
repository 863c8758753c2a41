import { randomBytes } from 'node:crypto';
import { authorizationUrl } from '../../core/dingtalk/index.js';
import { redirectUri } from '../../dingtalk/index.js';
import { exchange } from '../http-exchange.js';
import type { DoctorContext } from '../doctor-context.js';
import { attention, failed, type Probe } from '../probe.js';
import { REDIRECT } from '../texts/dingtalk.js';

/**
 * DingTalk documents no answer for an address that is not registered: a clear refusal is one, and everything else says
 * nothing, as its page is put together in the browser.
 */
export const redirectProbe: Probe<DoctorContext> = {
  id: 'dingtalk.redirect',
  title: REDIRECT.title,
  needs: ['dingtalk.host.login', 'dingtalk.credentials'],
  run: async ({ publicUrl, authenticator: { name, dingtalk } }) => {
    const callback = redirectUri({ publicUrl, authenticator: name });
    const url = authorizationUrl({ ...dingtalk, callbackUrl: callback }, randomBytes(32).toString('base64url'));
    const { timeoutMs, proxyUrl } = dingtalk;
    const { status } = await exchange(url, { headers: { accept: 'text/html' }, timeoutMs, proxyUrl });
    const where = REDIRECT.enter(callback);
    if (status >= 400 && status < 500) {
      return failed(REDIRECT.refused(callback, status), where);
    }
    return attention(REDIRECT.notRefused(callback), where);
  },
};
