import { z } from 'zod';
import {
  attention,
  type Finding,
  ok,
  type Probe,
  STORED_PHONES,
  STORED_PHONES_PROBE,
  storedPhonesFinding,
} from '../../core/doctor/index.js';
import { DEFAULT_REGION, lookAtStoredPhones, matchedFields } from '../../core/accounts/index.js';
import type { PluginContext, StockContext } from '../doctor-context.js';
import type { Text } from '../../core/texts/index.js';
import { UNSEEN_PHONES } from '../texts/accounts.js';

const rows = z.object({ data: z.array(z.object({ id: z.int(), phone: z.string().nullish() })) });

/** Whether people can be matched by the phone numbers stored in NocoBase. The key can read the field anyway. */
export const storedPhonesProbe: Probe<StockContext> = {
  ...STORED_PHONES_PROBE,
  needs: ['nocobase.rights'],
  applies: ({ authenticator }) => matchedFields(authenticator.accounts.match).includes('phone'),
  run: async ({ nocobase, authenticator: { nocobase: options } }) => {
    const seen = await lookAtStoredPhones(options.defaultRegion ?? DEFAULT_REGION, async ({ number, size }) => {
      const query = { fields: 'id,phone', sort: 'id', pageSize: String(size), page: String(number) };
      const answer = await nocobase.get('users:list', { token: options.apiToken, query });
      return answer.status === 200 ? rows.safeParse(answer.json).data?.data : undefined;
    });
    return seen === undefined ? notSeen(UNSEEN_PHONES.lookAtRights) : storedPhonesFinding(seen);
  },
};

/** The plugin checks this for us. */
export const pluginStoredPhonesProbe: Probe<PluginContext> = {
  ...STORED_PHONES_PROBE,
  needs: ['nocobase.plugin', 'nocobase.address'],
  run: async (context) => {
    const { authenticators } = await context.pluginSettings();
    const told = authenticators.find(({ name }) => name === context.authenticator.name);
    if (told?.match === 'none') return ok(STORED_PHONES.matchedByNone);
    if (told?.storedPhones !== undefined) return storedPhonesFinding(told.storedPhones);
    return notSeen(UNSEEN_PHONES.takeSameVersion);
  },
};

function notSeen(fix: Text): Finding {
  return attention(STORED_PHONES.notSeen, fix);
}
