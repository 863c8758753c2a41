import type { Transaction } from '@nocobase/database';
import type { Application } from '@nocobase/server';

/** The sessions of a user as they were at one moment. */
export interface RunningSessions {
  readonly userId: number;
  /** In ms since 1970, of the whole second: what NocoBase compares with it, a token's `iat`, counts in seconds. */
  readonly second: number;
  /** Ids of tokens that were issued in that very second or later: none but their ids tells them from those to come. */
  readonly latest: readonly string[];
  readonly any: boolean;
}

/** NocoBase's own default: where its policy cannot be read, a token is remembered for so long. */
const SESSION_MS = 7 * 86_400_000;

/** To be asked before the binding is written: whoever finds that binding gets a session that must not end. */
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
 * As NocoBase ends them when a password is changed (`checkToken` in `@nocobase/auth`): tokens of seconds before this one are
 * refused. The session that is made next is of this second or a later one.
 */
export async function endOlder(app: Application, sessions: RunningSessions, transaction: Transaction): Promise<void> {
  await app.db.getRepository('users').update({
    filter: { id: sessions.userId },
    values: { passwordChangeTz: sessions.second },
    whitelist: ['passwordChangeTz'],
    transaction,
  });
}

/** A session that was made and must not be: as NocoBase ends one at its sign-out, and its row. */
export async function endToken(app: Application, jti: string | undefined): Promise<void> {
  if (jti === undefined) return;
  await blacklist(app, [jti]);
  await app.db.getRepository('issuedTokens').destroy({ filter: { jti } });
}

/** As NocoBase ends a session at its sign-out. */
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
