import type { Transaction } from '@nocobase/database';
import type { Application } from '@nocobase/server';

/** A user's sessions at one moment. */
export interface RunningSessions {
  readonly userId: number;
  /** In ms since 1970, rounded down to a second: NocoBase compares it with a token's `iat`, which is in seconds. */
  readonly second: number;
  /** Ids of tokens issued in that very second or later: only their ids distinguish them from future ones. */
  readonly latest: readonly string[];
  readonly any: boolean;
}

/** NocoBase's own default: if its policy cannot be read, a token is remembered this long. */
const SESSION_MS = 7 * 86_400_000;

/** To be read before the binding is written: a sign-in that finds the new binding gets a session that must not be ended. */
export async function runningSessions(
  app: Application,
  userId: number,
  transaction?: Transaction,
): Promise<RunningSessions> {
  const second = Math.floor(Date.now() / 1000) * 1000;
  const rows = await app.db.getRepository('issuedTokens').find({ filter: { userId }, transaction });
  const own = rows.filter((row) => Number(row.get('userId')) === userId);
  const latest = own.filter((row) => Number(row.get('issuedTime')) >= second).map((row) => String(row.get('jti')));
  return { userId, second, latest, any: own.length > 0 };
}

/**
 * As NocoBase does when a password is changed (`checkToken` in `@nocobase/auth`): refuses tokens issued before this second. The
 * next session is issued in this second or later.
 */
export async function endOlder(app: Application, sessions: RunningSessions, transaction: Transaction): Promise<void> {
  await app.db.getRepository('users').update({
    filter: { id: sessions.userId },
    values: { passwordChangeTz: sessions.second },
    whitelist: ['passwordChangeTz'],
    transaction,
  });
}

/** Revokes a session that must not exist, as NocoBase's sign-out does, and deletes its record. */
export async function endToken(app: Application, jti: string | undefined): Promise<void> {
  if (jti === undefined) return;
  await blacklist(app, [jti]);
  await app.db.getRepository('issuedTokens').destroy({ filter: { jti } });
}

/** As NocoBase's sign-out does. */
export async function endLatest(app: Application, { latest }: Pick<RunningSessions, 'latest'>): Promise<void> {
  await blacklist(app, latest);
}

async function blacklist(app: Application, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const { jwt, tokenController } = app.authManager;
  const lifetime = (await tokenController.getConfig())?.sessionExpirationTime ?? SESSION_MS;
  const expiration = new Date(Date.now() + lifetime).toString();
  for (const token of ids) await jwt.blacklist.add({ token, expiration });
}
