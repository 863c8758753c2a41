import { ANY, exchange, ExchangeError, failed, ok, type Probe, skipped } from '../../core/doctor/index.js';
import { apiPath, ofApp } from '../../core/nocobase-web/index.js';
import { TICKET_HEADER } from '../../core/plugin-protocol/index.js';
import { isForbidden } from '../nocobase-calls.js';
import type { PluginContext } from '../doctor-context.js';
import { SIGN_IN_ORIGIN } from '../texts/public-addresses.js';

/**
 * Whether NocoBase takes its own page for its own: since 2.2 it compares the `Origin` that a browser sends with a sign-in
 * with what the proxy in front of it says of scheme and host (`assertTrustedSignInOrigin` in `@nocobase/auth`). Asked as the
 * page does it, with a ticket that is none: nobody is signed in.
 */
export const signInOriginProbe: Probe<PluginContext> = {
  id: 'nocobase.sign-in-origin',
  title: SIGN_IN_ORIGIN.title,
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
      if (!isForbidden(answer)) return ok(SIGN_IN_ORIGIN.taken(origin));
      return failed(SIGN_IN_ORIGIN.refused(origin), SIGN_IN_ORIGIN.sendHeaders);
    } catch (error) {
      if (error instanceof ExchangeError) {
        return skipped(ANY.nocobaseDidNotAnswer(error.code));
      }
      throw error;
    }
  },
};
