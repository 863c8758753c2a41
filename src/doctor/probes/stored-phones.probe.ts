import { z } from 'zod';
import { DEFAULT_REGION, lookAtStoredPhones, matchedFields, type StoredPhones } from '../../core/accounts/index.js';
import type { PluginContext, StockContext } from '../doctor-context.js';
import { attention, type Finding, ok, type Probe } from '../probe.js';
import { type Text, verbatim } from '../../core/texts/index.js';
import { STORED_PHONES } from '../texts/accounts.js';

const PROBE = { id: 'nocobase.phones', title: STORED_PHONES.title } as const;

const rows = z.object({ data: z.array(z.object({ id: z.int(), phone: z.string().nullish() })) });

/** Whether people can be found by what stands in users.phone. The key may see the field anyway. */
export const storedPhonesProbe: Probe<StockContext> = {
  ...PROBE,
  needs: ['nocobase.rights'],
  applies: ({ authenticator }) => matchedFields(authenticator.accounts.match).includes('phone'),
  run: async ({ nocobase, authenticator: { nocobase: options } }) => {
    const seen = await lookAtStoredPhones(options.defaultRegion ?? DEFAULT_REGION, async ({ number, size }) => {
      const query = { fields: 'id,phone', sort: 'id', pageSize: String(size), page: String(number) };
      const answer = await nocobase.get('users:list', { token: options.apiToken, query });
      return answer.status === 200 ? rows.safeParse(answer.json).data?.data : undefined;
    });
    return seen === undefined ? notSeen(STORED_PHONES.lookAtRights) : finding(seen);
  },
};

/** The plugin looks for us. */
export const pluginStoredPhonesProbe: Probe<PluginContext> = {
  ...PROBE,
  needs: ['nocobase.plugin', 'nocobase.address'],
  run: async (context) => {
    const { authenticators } = await context.pluginSettings();
    const told = authenticators.find(({ name }) => name === context.authenticator.name);
    if (told?.match === 'none') return ok(STORED_PHONES.matchedByNone);
    if (told?.storedPhones !== undefined) return finding(told.storedPhones);
    return notSeen(STORED_PHONES.takeSameVersion);
  },
};

function finding({ numbers, unreadable, users, isAll }: StoredPhones): Finding {
  const among = isAll ? verbatim('') : STORED_PHONES.amongTheFirst;
  if (unreadable === 0) {
    return ok(STORED_PHONES.readable(numbers, among));
  }
  const ids = users.join(', ');
  const some = unreadable > users.length ? STORED_PHONES.andMore(ids) : verbatim(ids);
  return attention(STORED_PHONES.unreadable(unreadable, numbers, among, some), STORED_PHONES.write);
}

function notSeen(fix: Text): Finding {
  return attention(STORED_PHONES.notSeen, fix);
}
