import { exchange, ExchangeError, failed, ok, placeholder, type Probe } from '../../core/doctor/index.js';
import { apiPath } from '../../core/nocobase-web/index.js';
import { nocoBaseCode } from '../nocobase-calls.js';
import type { DoctorContext } from '../doctor-context.js';
import { cannotConnect } from './cannot-connect.js';
import { NOCOBASE_PUBLIC_URL } from '../texts/public-addresses.js';

/** The address of the landing page after a sign-in. */
export const nocobasePublicUrlProbe: Probe<DoctorContext> = {
  id: 'nocobase.public-url',
  title: NOCOBASE_PUBLIC_URL.title,
  needs: ['nocobase.reachable'],
  run: async ({ authenticator: { nocobase } }) => {
    const { publicUrl, timeoutMs } = nocobase;
    try {
      const answer = await exchange(`${publicUrl}${apiPath(nocobase)}auth:check`, { timeoutMs });
      if (nocoBaseCode(answer) === 'EMPTY_TOKEN') return ok(NOCOBASE_PUBLIC_URL.isNocoBase(publicUrl));
      return failed(NOCOBASE_PUBLIC_URL.somethingElse(publicUrl, answer.status), NOCOBASE_PUBLIC_URL.setToNocoBase);
    } catch (error) {
      if (error instanceof ExchangeError)
        return cannotConnect(placeholder('nocobase.publicUrl'), publicUrl, error.code);
      throw error;
    }
  },
};
