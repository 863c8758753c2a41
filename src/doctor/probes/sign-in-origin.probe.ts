import {
  ANY,
  exchange,
  ExchangeError,
  failed,
  ok,
  type Probe,
  SIGN_IN_ORIGIN,
  skipped,
} from '../../core/doctor/index.js';
import { apiPath, ofApp } from '../../core/nocobase-web/index.js';
import { TICKET_HEADER } from '../../core/plugin-protocol/index.js';
import { isForbidden } from '../nocobase-calls.js';
import type { PluginContext } from '../doctor-context.js';

/**
 * Whether NocoBase accepts its own page as the origin: since 2.2 it compares the `Origin` header of a sign-in with the
 * scheme and host that the proxy in front of it reports (`assertTrustedSignInOrigin` in `@nocobase/auth`). Sent like
 * the page does, with an invalid ticket, so no one is signed in.
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
