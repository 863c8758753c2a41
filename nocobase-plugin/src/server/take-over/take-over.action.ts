import type { Database } from '@nocobase/database';
import type { Action, Context } from '@nocobase/server';
import { z } from 'zod';
import { onlyOrganization } from '../../../../src/core/accounts/index.js';
import type { Members } from '../../../../src/core/dingtalk/index.js';
import { type GatewayError, MisconfiguredError } from '../../../../src/core/errors/index.js';
import type { Flows } from '../alone/flows.js';
import type { KnownAuthenticator, KnownAuthenticators } from '../alone/known-authenticators.js';
import { Allowance } from '../allowance.js';
import { type DingTalkAuthenticator, findAll } from '../authenticators.js';
import { PACKAGE } from '../names.js';
import { RepositoryUserDirectory } from '../repository-user-directory.js';
import { missingSettings } from '../settings.js';
import { PublicError } from '../sign-in.errors.js';
import { LOG } from '../texts.js';
import { OldLinks } from './old-links.js';
import { OUTCOMES, type Outcome } from './outcomes.js';
import { type Progress, type Sorted, TakeOver } from './take-over.js';

/** Per process, for all of its applications together. Many people take several requests, one after another. */
const TAKE_OVERS_HERE = new Allowance({ atOnce: 1, aMinute: 120 });

/** Per answer: the form shows that many. */
const MAX_LINES = 20;

/** The outcomes that need nobody's attention. */
const WELL: ReadonlySet<Outcome> = new Set(['linked', 'already']);

const takeOverRequest = z.strictObject({
  /** Name of the authenticator whose links are taken over. */
  from: z.string().min(1).max(255),
  dryRun: z.boolean(),
  /** `next` of the previous answer. */
  after: z.int().min(0).optional(),
});

/**
 * `POST dingtalk:takeOver?authenticator=NAME` {from, dryRun, after}, for administrators: links people to the accounts that another
 * authenticator has linked them to. NocoBase itself queries DingTalk, also if a gateway signs people in: the bindings are here, and so
 * is the administrator. Answers {counts, lines: [{userId, nickname, outcome}], next, stopped}: the first people who
 * need attention, the user to continue after (null: nobody is left), and a message if DingTalk could not be queried any more.
 */
export function takeOverAction({ known, flows }: { known: KnownAuthenticators; flows: Flows }): Action {
  return async (context, next) => {
    // NocoBase checks no CSRF token on GET requests, and a cross-site GET carries cookies.
    if (context.method !== 'POST') throw refusal(context, 405, 'post_only');
    const name = context.query['authenticator'];
    const authenticator = (await findAll(context.db)).find((one) => one.name === name);
    if (authenticator === undefined) throw refusal(context, 404, 'not_found');
    const { data: request } = takeOverRequest.safeParse(context.action.params['values']);
    if (request === undefined || !(await isAnother(request.from, authenticator, context.db)))
      throw refusal(context, 400, 'take_over_from');
    const members = membersOf(context, await known.withSecret(authenticator), flows);
    const done = await TAKE_OVERS_HERE.within(async () => {
      const takeOver = new TakeOver({ ...partsOf(context, authenticator, request), members });
      return takeOver.goOn(request.after ?? 0);
    });
    if (done === undefined) throw refusal(context, 429, 'take_over_busy');
    const { from, dryRun } = request;
    const counts = countsOf(done.done.sorted);
    if (!dryRun) context.log.info(LOG.takenOver.en, { authenticator: authenticator.name, from, ...counts });
    context.body = await answerOf(context, done.done, counts);
    await next();
  };
}

async function isAnother(from: string, ours: DingTalkAuthenticator, db: Database): Promise<boolean> {
  if (from === ours.name) return false;
  const row = await db.getRepository('authenticators').findOne({ filter: { name: from }, fields: ['name'] });
  return row?.get('name') === from;
}

function membersOf(context: Context, authenticator: KnownAuthenticator, flows: Flows): Members {
  const { settings, clientId, clientSecret } = authenticator;
  if (missingSettings(settings).length > 0 || clientId === '' || clientSecret === '')
    throw refusal(context, 400, 'misconfigured');
  try {
    return flows.membersOf(authenticator);
  } catch (error) {
    throw error instanceof MisconfiguredError ? refusal(context, 400, 'misconfigured') : error;
  }
}

function partsOf(
  { app, db }: Context,
  { name, settings }: DingTalkAuthenticator,
  { from, dryRun }: z.output<typeof takeOverRequest>,
): Omit<ConstructorParameters<typeof TakeOver>[0], 'members'> {
  const { corpIds, defaultRegion: home, protectedRoles, severalBindings } = settings;
  return {
    old: new OldLinks(db, from),
    directory: new RepositoryUserDirectory(app, name, home),
    sides: {
      from,
      authenticator: name,
      organization: onlyOrganization(corpIds),
      policy: { protectedRoles, severalBindings },
    },
    home,
    dryRun,
  };
}

function countsOf(sorted: readonly Sorted[]): Readonly<Record<Outcome, number>> {
  const counts = OUTCOMES.map((outcome) => [outcome, sorted.filter((one) => one.outcome === outcome).length]);
  return Object.fromEntries(counts) as Record<Outcome, number>;
}

async function answerOf(
  context: Context,
  { sorted, next, stopped }: Progress,
  counts: Readonly<Record<Outcome, number>>,
): Promise<object> {
  const lines = sorted.filter(({ outcome }) => !WELL.has(outcome)).slice(0, MAX_LINES);
  const nicknames = await nicknamesOf(
    context.db,
    lines.map(({ userId }) => userId),
  );
  return {
    counts,
    lines: lines.map((line) => ({ ...line, nickname: nicknames.get(line.userId) ?? '' })),
    next: next ?? null,
    stopped: stopped === undefined ? null : sentenceOf(stopped, context),
  };
}

async function nicknamesOf(db: Database, ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  // With some databases an empty list does not filter.
  if (ids.length === 0) return new Map();
  const users = await db.getRepository('users').find({ filter: { id: { $in: [...ids] } }, fields: ['id', 'nickname'] });
  return new Map(
    users.map((user) => {
      const nickname = user.get('nickname');
      return [Number(user.get('id')), typeof nickname === 'string' ? nickname : ''];
    }),
  );
}

function sentenceOf({ setting, code }: GatewayError, context: Context): string {
  return setting === undefined
    ? context.t('error.take_over_no_answer', { ns: PACKAGE, name: code })
    : context.t('error.take_over_refused', { ns: PACKAGE, name: setting });
}

function refusal(context: Context, status: number, code: string): PublicError {
  return new PublicError(status, code, (text, options) => context.t(text, options));
}
