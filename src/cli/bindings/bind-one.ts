import { isProtected } from '../../accounts/index.js';
import { type Bindings, findUsers, type NocoBaseAdmin, type UserKey } from '../../provision/index.js';

/** What came of one person. */
export interface BindResult {
  readonly status: 'ok' | 'already' | 'conflict' | 'protected' | 'not found' | 'error';
  readonly unionId?: string;
  readonly userId?: number;
  readonly detail?: string;
}

/** DingTalk's ids: a name, a phone number or an address in their place means that two columns were swapped. */
const UNION_ID = /^[A-Za-z0-9_-]{1,128}$/;

/** Links a unionId to the one user that the key means. */
export async function bindOne(
  { admin, bindings }: { admin: NocoBaseAdmin; bindings: Bindings },
  unionId: string,
  key: UserKey,
  { protectedRoles, allowProtected }: { protectedRoles: readonly string[]; allowProtected: boolean },
): Promise<BindResult> {
  if (!UNION_ID.test(unionId)) {
    return { status: 'error', detail: 'not a unionId: these are letters, digits, _ and - only' };
  }
  const [user, ...others] = await findUsers(admin, key);
  if (user === undefined)
    return { status: 'not found', unionId, detail: `NocoBase has no user with this ${key.field}` };
  if (others.length > 0) {
    const ids = [user, ...others].map(({ id }) => id).join(', ');
    return { status: 'conflict', unionId, detail: `users ${ids} have the same ${key.field}` };
  }
  const userId = user.id;
  if (isProtected(user, { protectedRoles }) && !allowProtected) {
    const detail = `user ${userId} is protected: say --allow-protected if whoever owns this unionId may have the account`;
    return { status: 'protected', unionId, userId, detail };
  }
  const outcome = await bindings.bind(userId, unionId, user.nickname ?? user.username ?? '');
  return { unionId, userId, ...outcome };
}
