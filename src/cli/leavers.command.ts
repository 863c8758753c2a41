import type { AuthenticatorSettings } from '../authenticators/index.js';
import { Paces } from '../core/dingtalk/index.js';
import { LeaverWatch, MANY_MISSING, NIGHT_MARKS, type NightOutcome } from '../core/leaver-watch/index.js';
import {
  type BoundPerson,
  type Conclusion,
  type Evidence,
  isHeldBy,
  type LeaverBook,
  type Unclear,
} from '../core/leavers/index.js';
import { leaverWatch, LeaverMemories, PluginLeaverBook, StockLeaverBook } from '../leavers/index.js';
import { boundUsers } from '../nocobase-client/index.js';
import { PluginClient, Signer } from '../plugin-client/index.js';
import { asJsonText, padded } from '../printing/index.js';
import { readSettings, type Settings } from '../settings.js';
import { RedisConnection } from '../shared-store/index.js';
import { upstreamForCommands } from '../upstream/index.js';
import { type Text, TextError } from '../core/texts/index.js';
import { explain } from './command.errors.js';
import { mustBeMeant } from './env-file-trust.js';
import { confirmed, type Io } from './io.js';
import { CONCLUDED, TEXTS, WHY_UNCLEAR } from './texts.js';
import { UsageError } from './usage.error.js';

export interface LeaversCommandOptions {
  readonly authenticator?: string;
  readonly lock?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** A person who left, and the conclusion. Ids only. */
interface Leaver {
  readonly userId: number;
  readonly unionId: string;
  readonly userid: string;
  readonly conclusion: Conclusion;
  readonly code: number;
  readonly requestId: string | null;
}

/** A person for whom there is no answer. */
interface Doubt {
  readonly userId: number;
  readonly unionId: string;
  readonly why: Unclear;
}

interface Checked {
  readonly authenticator: string;
  readonly outcome: NightOutcome;
  readonly leavers: readonly Leaver[];
  readonly unclear: readonly Doubt[];
  readonly returned: readonly number[];
}

/** Limit of printed lines for people without an answer; JSON has all. */
const SHOWN = 20;
/** Conclusions that need no action. */
const DONE: readonly Conclusion[] = ['locked', 'already_locked', 'gone', 'elsewhere'];

/**
 * Asks DingTalk about everyone who is bound, and reports who has left; with `--lock` the book acts on it, within its
 * brake. `--json` returns `{ok, authenticator, end, counts, leavers, unclear, returned}`.
 *
 * @returns 0 if no one who left has an open account, and everyone was asked about
 */
export async function leaversCommand(options: LeaversCommandOptions, io: Io): Promise<number> {
  const { json = false } = options;
  try {
    await mustBeMeant(io);
    const checked = await checkEveryone(options, io);
    const ok = checked.outcome.end === 'done' && checked.leavers.every(({ conclusion }) => DONE.includes(conclusion));
    if (json) io.out(asJsonText(forPrograms(checked, ok)));
    else io.out(asText(checked, io, options.lock === true));
    return ok ? 0 : 1;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const reason = explain(error);
    if (json) io.out(asJsonText({ ok: false, error: reason.en }));
    else io.err(`${reason[io.lang]}\n`);
    return 1;
  }
}

async function checkEveryone(options: LeaversCommandOptions, io: Io): Promise<Checked> {
  const settings = readSettings(io.environment, io.envFile);
  const plugin = new PluginClient(
    upstreamForCommands(),
    new Signer(settings.auth.cookieSecrets),
    settings.app.publicUrl,
  );
  const authenticators = await authenticatorsOf(settings, plugin);
  const wanted = options.authenticator;
  const one = wanted === undefined ? authenticators[0] : authenticators.find(({ name }) => name === wanted);
  if (one === undefined)
    throw new UsageError(TEXTS.noSuchAuthenticator(authenticators.map(({ name }) => name).join(', ')));
  const lock = options.lock === true;
  const ask = one.nocobase.handOff === 'ticket' ? TEXTS.askLock : TEXTS.askEndSessions;
  if (lock && options.yes !== true && !(await confirmed(io, ask(one.name)))) {
    throw new UsageError(TEXTS.nobodySaidLock);
  }
  const redis = await RedisConnection.open(one.nocobase.handOff === 'ticket' ? undefined : settings.redis);
  try {
    const memories = new LeaverMemories(redis.client, settings.auth.stateFolder);
    const book = bookOf(one, { lock, plugin, memories, authenticators });
    const seen = new Seen();
    const watch = leaverWatch(one, book, {
      publicUrl: settings.app.publicUrl,
      redis,
      http: upstreamForCommands(),
      pace: new Paces().of(one.dingtalk.clientId),
      log: seen,
    });
    return await asked(watch, book, seen, { ...options, name: one.name }, io);
  } finally {
    await redis.onApplicationShutdown();
  }
}

async function authenticatorsOf(
  { source, authenticators }: Settings,
  plugin: PluginClient,
): Promise<readonly AuthenticatorSettings[]> {
  if (source.kind !== 'nocobase') return authenticators;
  const { authenticators: forms } = await plugin.settings(source.target);
  return forms.filter(({ enabled }) => enabled).map((form) => source.read(form));
}

interface Books {
  readonly lock: boolean;
  readonly plugin: PluginClient;
  readonly memories: LeaverMemories;
  readonly authenticators: readonly AuthenticatorSettings[];
}

/** With the plugin its form decides whether anyone is locked; without `--lock` it is not asked to. */
function bookOf(
  { name, nocobase, accounts }: AuthenticatorSettings,
  { lock, plugin, memories, authenticators }: Books,
): LeaverBook {
  if (nocobase.handOff === 'ticket') {
    const book = new PluginLeaverBook(plugin, nocobase, name);
    return lock ? book : Object.assign(Object.create(book) as LeaverBook, { left: async () => 'reported' as const });
  }
  const memory = memories.of(nocobase);
  if (!memory.isDurable) throw new TextError(TEXTS.nothingKept);
  return new StockLeaverBook(boundUsers(upstreamForCommands(), nocobase), memory, {
    mode: lock ? 'lock' : 'report',
    protectedRoles: accounts.protectedRoles,
    memoryOf: (other) => {
      const at = authenticators.find((one) => one.name === other)?.nocobase;
      if (at === undefined || at.handOff === 'ticket' || at.url !== nocobase.url || at.app !== nocobase.app)
        return undefined;
      return memories.of(at);
    },
  });
}

/** Collects the findings of the watch. */
class Seen {
  readonly leavers = new Map<string, Leaver & { readonly person: BoundPerson }>();
  readonly doubts = new Map<string, Doubt>();
  readonly back: number[] = [];

  readonly concluded = (person: BoundPerson, conclusion: Conclusion, _origin: unknown, evidence: Evidence): void => {
    const { userId, unionId, bindingId } = person;
    const { userid, code, requestId = null } = evidence;
    this.leavers.set(bindingId, { userId, unionId, userid, conclusion, code, requestId, person });
  };

  readonly unclear = ({ bindingId, userId, unionId }: BoundPerson, why: Unclear): void => {
    this.doubts.set(bindingId, { userId, unionId, why });
  };

  readonly returned = (people: readonly { readonly userId: number }[]): void => {
    this.back.push(...people.map(({ userId }) => userId));
  };
}

async function asked(
  watch: LeaverWatch,
  book: LeaverBook,
  seen: Seen,
  options: LeaversCommandOptions & { readonly name: string },
  io: Io,
): Promise<Checked> {
  const isTrial = options.lock !== true;
  // From the beginning: an interrupted check is of no use here.
  if (!isTrial) await book.setMark(NIGHT_MARKS.under, '');
  const onProgress = (done: number, of: number): void => {
    if (io.isTerminal === true) io.err(`\r${TEXTS.askedAbout(done, of)[io.lang]}`);
  };
  const night = async (evenIfMany: boolean): Promise<NightOutcome> => {
    const outcome = await watch.night({ origin: 'command', isTrial, onProgress, evenIfMany });
    if (io.isTerminal === true) io.err('\n');
    return outcome;
  };
  const mayGoOn = async (question: Text): Promise<boolean> => options.yes === true || confirmed(io, question);
  let outcome = await night(false);
  const isMany = outcome.end === 'stopped' && outcome.detail?.startsWith(MANY_MISSING) === true;
  if (isMany && (await mayGoOn(TEXTS.askManyMissing))) outcome = await night(true);
  const held = [...seen.leavers.values()].filter(({ conclusion }) => isHeldBy(conclusion));
  if (book instanceof StockLeaverBook && held.length > 0 && (await mayGoOn(TEXTS.askHeld(held.length)))) {
    // Each is asked about again, because the answers may be minutes old.
    book.allow(held.map(({ person }) => person));
    for (const { person } of held) await watch.askAbout(person, 'command');
  }
  await watch.close();
  return {
    authenticator: options.name,
    outcome,
    leavers: [...seen.leavers.values()].map(({ person: _person, ...leaver }) => leaver),
    unclear: [...seen.doubts.values()],
    returned: seen.back,
  };
}

function forPrograms({ authenticator, outcome, leavers, unclear, returned }: Checked, ok: boolean): object {
  const { end, why = null, detail = null, counts } = outcome;
  return { ok, authenticator, end, why, detail, counts, leavers, unclear, returned };
}

function asText({ outcome, leavers, unclear, returned }: Checked, { lang }: Io, isLocking: boolean): string {
  const { end, why, detail, counts } = outcome;
  const lines: Text[] = [];
  if (end === 'elsewhere') lines.push(TEXTS.looksElsewhere);
  if (end === 'stopped')
    lines.push(TEXTS.lookStopped(why === undefined ? TEXTS.unknownReason : WHY_UNCLEAR[why], detail ?? ''));
  if (end === 'done' || counts.asked > 0)
    lines.push(TEXTS.lookedAt(counts.asked, counts.here, leavers.length, unclear.length));
  const rows = leavers.map(({ userId, unionId, userid, conclusion, code }) =>
    row(userId, unionId, `${CONCLUDED[conclusion][lang]} (${userid}: ${code})`, lang),
  );
  const doubts = unclear
    .slice(0, SHOWN)
    .map(({ userId, unionId, why: reason }) => row(userId, unionId, WHY_UNCLEAR[reason][lang], lang));
  const more = unclear.length > SHOWN ? [`${TEXTS.andMore(unclear.length - SHOWN)[lang]}\n`] : [];
  const back = returned.length === 0 ? [] : [`${TEXTS.areBack(returned.join(', '))[lang]}\n`];
  const hint =
    !isLocking && leavers.some(({ conclusion }) => conclusion === 'reported') ? [`${TEXTS.withLock[lang]}\n`] : [];
  return [...lines.map((line) => `${line[lang]}\n`), ...rows, ...doubts, ...more, ...back, ...hint].join('');
}

function row(userId: number, unionId: string, what: string, lang: Io['lang']): string {
  return `${padded(TEXTS.user(userId)[lang], 14)} ${padded(unionId, 30)} ${what}\n`;
}
