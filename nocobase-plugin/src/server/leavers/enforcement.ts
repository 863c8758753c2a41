import type { Action, Application, Context } from '@nocobase/server';
import { isRecord } from '../is-record.js';
import { PublicError } from '../sign-in.errors.js';
import { LEAVERS_RESOURCE } from './admin-api.js';
import { isLocked } from './is-locked.js';
import { LocksAreOursError } from './locks.js';
import { LOCKS } from './locks-collection.js';
import type { LockedUsers } from './locked-users.js';

/**
 * An `AuthErrorCode` of `@nocobase/auth`: NocoBase's clients then forget the token and show the sign-in page with our message. With
 * an unknown code they would stay on a page that does not work.
 */
const BLOCKED = 'BLOCKED_TOKEN';

/**
 * The position in NocoBase's order. It has to be given to each data source's own list when the plugin is loaded: with
 * `dataSourceManager.use`, which comes after all plugins, the sorter would move `setCurrentRole` and the access control behind the
 * middleware that other plugins place after them.
 */
const BEHIND_AUTH = { tag: 'dingtalkLocked', after: 'auth', before: 'setCurrentRole' };

/** Refuses the requests of locked users in every data source, and protects the locks themselves. */
export function enforceLocks(
  { dataSourceManager }: Pick<Application, 'dataSourceManager'>,
  locked: Pick<LockedUsers, 'isLocked'>,
): void {
  dataSourceManager.afterAddDataSource(({ resourceManager }) => resourceManager.use(refuseLocked(locked), BEHIND_AUTH));
  dataSourceManager.use(locksForReading(), { tag: 'dingtalkLocks', after: 'acl' });
}

/**
 * Middleware after NocoBase's `auth`: refuses locked users, with a session or an API key, before their roles and rights are read
 * (`before: 'setCurrentRole'`).
 */
function refuseLocked(locked: Pick<LockedUsers, 'isLocked'>): Action {
  return async (context, next) => {
    const id = idOf(context.state['currentUser'] ?? context.auth?.user);
    const isRefused =
      id !== undefined && (await isLocked(locked, id, context.log, (text, options) => context.t(text, options)));
    if (isRefused) throw lockedError(context);
    await next();
  };
}

/**
 * Middleware around NocoBase's `auth`: a locked user's session has also ended for NocoBase, which would say that the password was
 * changed. The lock is looked up only for tokens with a valid signature: a forged one does not reveal who is locked.
 */
export function sayLocked(locked: LockedUsers): Action {
  return async (context, next) => {
    try {
      await next();
    } catch (error) {
      const token = Reflect.get(Object(error), 'status') === 401 ? context.getBearerToken() : undefined;
      const id = token === undefined ? undefined : await userOf(context, token);
      const isOfLocked = id !== undefined && (await locked.isLocked(id).catch(() => false));
      throw isOfLocked ? lockedError(context) : error;
    }
  };
}

async function userOf({ app }: Context, token: string): Promise<number | undefined> {
  try {
    return idOf({ id: (await app.authManager.jwt.decode(token)).userId });
  } catch {
    return undefined;
  }
}

function lockedError(context: Context): PublicError {
  return new PublicError(401, 'account_locked', (text, options) => context.t(text, options), BLOCKED);
}

/**
 * Middleware after NocoBase's access control: by NocoBase's default a role may read every collection, but who is locked, and why,
 * is only for administrators who may configure authenticators. Writing is prevented by `Locks.guard`.
 */
export function locksForReading(): Action {
  return async (context, next) => {
    const { resourceName, actionName, params } = context.action;
    const isOurs = resourceName.split('.')[0] === LOCKS;
    const isReading = actionName === 'list' || actionName === 'get';
    if (isOurs && !isReading) throw new LocksAreOursError();
    // NocoBase's charts read a collection through a resource of their own, which is open to everyone who may list that collection.
    const isOfOurs = isRecord(params['values']) && params['values']['collection'] === LOCKS;
    if ((isOurs || isOfOurs) && !context.can({ resource: LEAVERS_RESOURCE, action: 'list' })) {
      throw new PublicError(403, 'leavers_right', (text, options) => context.t(text, options));
    }
    await next();
  };
}

function idOf(user: unknown): number | undefined {
  const id = Number(typeof user === 'object' && user !== null ? Reflect.get(user, 'id') : undefined);
  return Number.isSafeInteger(id) ? id : undefined;
}
