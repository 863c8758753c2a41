import { z } from 'zod';
import { attention, failed, ok, type Probe } from '../../core/doctor/index.js';
import { nocoBaseCode } from '../nocobase-calls.js';
import { NOCOBASES_OWN_ROLES, type Rights, wantedRights } from '../../nocobase-client/index.js';
import type { StockContext } from '../doctor-context.js';
import { listed, sentences, type Text } from '../../core/texts/index.js';
import { RIGHTS } from '../texts/nocobase.js';

const names = z.array(z.string()).nullish();
const action = z.object({ fields: names, appends: names, whitelist: names }).nullish();
const answer = z.object({
  data: z.object({
    role: z.string(),
    allowAll: z.boolean().nullish(),
    allowConfigure: z.boolean().nullish(),
    strategy: z.object({ actions: names }).nullish(),
    /** Collections with their own rights; for all others the strategy applies. */
    resources: z.array(z.string()),
    actions: z.record(z.string(), action),
    snippets: z.array(z.string()).nullish(),
  }),
});
type Granted = z.output<typeof answer>['data'];

/** Columns that NocoBase adds to every right to read. */
const ALWAYS = new Set(['id', 'createdAt', 'updatedAt', 'key', 'name', 'authenticator']);

/** `roles:check` returns the rights of the key's role; rights to write are looked up there, not tried out. */
export const rightsProbe: Probe<StockContext> = {
  id: 'nocobase.rights',
  title: RIGHTS.title,
  needs: ['nocobase.key'],
  run: async ({ nocobase, authenticator }) => {
    const granted = answer.parse((await nocobase.rightsCheck()).json).data;
    const wanted = wantedRights(authenticator.dingtalk.fields, authenticator.dingtalk.leavers);
    const read = await nocobase.bindingsRead();
    const missing = [
      ...missingRights(granted, wanted),
      // Readiness makes this call, too. NocoBase refuses it to the role admin in spite of its right to view everything.
      ...(read.status === 200 ? [] : [`usersAuthenticators: list (NocoBase: ${nocoBaseCode(read)})`]),
    ];
    if (missing.length > 0) {
      return failed(RIGHTS.missing(missing.join('; ')), sentences(repair(granted.role), RIGHTS.byHand));
    }
    const extra = granted.allowAll ? ['*'] : extraRights(granted, wanted);
    if (extra.length > 0) {
      return attention(RIGHTS.more(extra.join('; ')), RIGHTS.takeAway);
    }
    return ok(RIGHTS.exact(listed(Object.keys(wanted))));
  },
};

/** NocoBase's own roles are not meant for a key; `provision` repairs the role named to it. */
function repair(role: string): Text {
  if (NOCOBASES_OWN_ROLES.includes(role) || !/^[\w-]+$/.test(role)) {
    return RIGHTS.makeRole;
  }
  const command = `nocobase-dingtalk-gateway provision${role === 'dingtalk-gateway' ? '' : ` --name ${role}`}`;
  return RIGHTS.repairRole(command);
}

function missingRights(granted: Granted, wanted: Rights): string[] {
  if (granted.allowAll) return [];
  return each(wanted).flatMap(({ collection, action, fields }) => {
    if (!granted.resources.includes(collection)) {
      return granted.strategy?.actions?.includes(action) ? [] : [`${collection}: ${action}`];
    }
    const right = granted.actions[`${collection}:${action}`];
    if (!right) return [`${collection}: ${action}`];
    const given = new Set([...(right.fields ?? []), ...(right.appends ?? []), ...(right.whitelist ?? [])]);
    // A right without fields includes every field: NocoBase 2.2.15 then allows every column.
    const lacking = given.size === 0 ? [] : fields.filter((field) => !given.has(field));
    return lacking.length === 0 ? [] : [`${collection}: ${action} (${lacking.join(', ')})`];
  });
}

function extraRights({ actions, strategy, snippets, allowConfigure }: Granted, wanted: Rights): string[] {
  const expected = new Map(each(wanted).map(({ collection, action, fields }) => [`${collection}:${action}`, fields]));
  const onCollections = Object.entries(actions).flatMap(([name, right]) => {
    const fields = expected.get(name);
    if (fields === undefined) return [name];
    const given = [...(right?.fields ?? []), ...(right?.appends ?? []), ...(right?.whitelist ?? [])];
    if (given.length === 0) return [`${name} (*)`];
    const more = given.filter((field) => !fields.includes(field) && !ALWAYS.has(field));
    return more.length === 0 ? [] : [`${name} (${[...new Set(more)].join(', ')})`];
  });
  const everywhere = (strategy?.actions ?? []).map((name) => `*:${name}`);
  const pages = (snippets ?? []).filter((name) => !name.startsWith('!'));
  return [...onCollections, ...everywhere, ...pages, ...(allowConfigure ? ['allowConfigure'] : [])];
}

function each(rights: Rights): { collection: string; action: string; fields: readonly string[] }[] {
  return Object.entries(rights).flatMap(([collection, actions]) =>
    Object.entries(actions).map(([action, fields]) => ({ collection, action, fields })),
  );
}
