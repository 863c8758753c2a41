import { z } from 'zod';
import { attention, type Exchange, failed, ok, type Probe } from '../../core/doctor/index.js';
import { ROOT_USER_ID } from '../../core/accounts/index.js';
import { printable } from '../../printing/index.js';
import { nocoBaseCode } from '../nocobase-calls.js';
import type { StockContext } from '../doctor-context.js';
import { sentences, type Text } from '../../core/texts/index.js';
import { KEY } from '../texts/nocobase.js';

const owner = z.object({ data: z.object({ id: z.int().positive(), username: z.string().nullish() }) });
const role = z.object({ data: z.object({ role: z.string() }) });

/** The owner of the key; undefined if NocoBase refuses it. */
export function keyOwner({ status, json }: Exchange): { id: number; username: string | undefined } | undefined {
  const found = owner.safeParse(json).data?.data;
  return status === 200 && found !== undefined ? { id: found.id, username: found.username ?? undefined } : undefined;
}

export const keyProbe: Probe<StockContext> = {
  id: 'nocobase.key',
  title: KEY.title,
  needs: ['nocobase.reachable'],
  run: async ({ nocobase, authenticator }) => {
    const [checked, rights] = [await nocobase.keyCheck(), await nocobase.rightsCheck()];
    const user = keyOwner(checked);
    const held = role.safeParse(rights.json).data?.data.role;
    if (user === undefined || rights.status !== 200 || held === undefined) {
      const code = nocoBaseCode(user === undefined ? checked : rights);
      const why = authenticator.nocobase.apiToken.split('.').length === 3 ? reason(code) : KEY.noKey;
      return failed(KEY.refused(code), sentences(why, KEY.provision));
    }
    const owned = whose(user, held);
    if (held === 'root' || held === 'admin' || user.id === ROOT_USER_ID) {
      return attention(KEY.tooMuch(owned), sentences(KEY.ownsNocoBase, KEY.provision));
    }
    return ok(owned);
  },
};

function whose({ id, username }: { id: number; username: string | undefined }, role: string): Text {
  return username === undefined
    ? KEY.whoseWithoutName(id, printable(role))
    : KEY.whose(id, printable(username), printable(role));
}

function reason(code: string): Text {
  switch (code) {
    case 'BLOCKED_TOKEN':
      return KEY.deleted;
    case 'INVALID_TOKEN':
      return KEY.notOfThisOne;
    case 'NOT_EXIST_USER':
      return KEY.userDeleted;
    case 'ROLE_NOT_FOUND_FOR_USER':
    case 'USER_HAS_NO_ROLES_ERR':
      return KEY.roleGone;
    default:
      return KEY.doesNotWork;
  }
}
