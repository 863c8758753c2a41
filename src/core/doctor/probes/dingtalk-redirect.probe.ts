import { randomBytes } from 'node:crypto';
import { authorizationUrl } from '../../dingtalk/index.js';
import { exchange } from '../http-exchange.js';
import type { DingTalkContext } from '../dingtalk-context.js';
import { attention, failed, type Probe } from '../probe.js';
import { REDIRECT } from '../texts/dingtalk.js';

/**
 * DingTalk documents no response for an address that is not registered. A clear refusal is conclusive; anything else is
 * not, because the page is rendered in the browser.
 */
export const redirectProbe: Probe<DingTalkContext> = {
  id: 'dingtalk.redirect',
  title: REDIRECT.title,
  needs: ['dingtalk.host.login', 'dingtalk.credentials'],
  run: async ({ application }) => {
    const url = authorizationUrl(application, randomBytes(32).toString('base64url'));
    const { callbackUrl: callback, timeoutMs, proxyUrl } = application;
    const { status } = await exchange(url, { headers: { accept: 'text/html' }, timeoutMs, proxyUrl });
    const where = REDIRECT.enter(callback);
    if (status >= 400 && status < 500) {
      return failed(REDIRECT.refused(callback, status), where);
    }
    return attention(REDIRECT.notRefused(callback), where);
  },
};
