import type { Text } from '../../core/texts/index.js';
import { TEXTS } from '../texts.js';
import { isProtected } from '../../core/accounts/index.js';
import { type Bindings, findUsers, type NocoBaseAdmin, type UserKey } from '../provision/index.js';

/** The result for one person. */
export interface BindResult {
  readonly status: 'ok' | 'already' | 'conflict' | 'protected' | 'not found' | 'error';
  readonly unionId?: string;
  readonly userId?: number;
  readonly detail?: Text;
}

/** DingTalk's ids. A name, a phone number or an address instead means that two columns were swapped. */
const UNION_ID = /^[A-Za-z0-9_-]{1,128}$/;

/** Links a unionId to the one user with this key. */
export async function bindOne(
  { admin, bindings }: { admin: NocoBaseAdmin; bindings: Bindings },
  unionId: string,
  key: UserKey,
  { protectedRoles, allowProtected }: { protectedRoles: readonly string[]; allowProtected: boolean },
): Promise<BindResult> {
  if (!UNION_ID.test(unionId)) {
    return { status: 'error', detail: TEXTS.notAUnionId };
  }
  const [user, ...others] = await findUsers(admin, key);
  if (user === undefined) return { status: 'not found', unionId, detail: TEXTS.noSuchUser(key.field) };
  if (others.length > 0) {
    const ids = [user, ...others].map(({ id }) => id).join(', ');
    return { status: 'conflict', unionId, detail: TEXTS.sameUsers(ids, key.field) };
  }
  const userId = user.id;
  if (isProtected(user, { protectedRoles }) && !allowProtected) {
    return { status: 'protected', unionId, userId, detail: TEXTS.protectedUser(userId) };
  }
  const outcome = await bindings.bind(userId, unionId, user.nickname ?? user.username ?? '');
  return { unionId, userId, ...outcome };
}
