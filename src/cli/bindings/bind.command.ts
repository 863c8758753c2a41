import { type PersonLine, readPeople } from './people-file.js';
import { type Lang, TextError } from '../../core/texts/index.js';
import { TEXTS } from '../texts.js';
import { UsageError } from '../usage.error.js';
import { type DingTalkCalls, doctorOnCall } from '../../doctor/index.js';
import type { Io } from '../io.js';
import type { Region } from '../../core/accounts/index.js';
import type { UserKey } from '../provision/index.js';
import { bindOne, type BindResult } from './bind-one.js';
import { explain } from '../command.errors.js';
import { mustBeMeant } from '../env-file-trust.js';
import { asJsonText, printable } from '../../printing/index.js';
import type { AddressOptions } from '../root-credentials.js';
import { targetOf, withBindings } from './target.js';
import { prefixedUserKey, userKey } from './user-key.js';

export interface BindCommandOptions extends AddressOptions {
  readonly unionId?: string | undefined;
  readonly user?: string | undefined;
  /** A member of the organization, whose unionId is then looked up. */
  readonly dingtalkUserid?: string;
  readonly userId?: string;
  readonly username?: string;
  readonly phone?: string;
  readonly email?: string;
  readonly file?: string;
  readonly allowProtected?: boolean;
  readonly authenticator?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

interface LineResult extends BindResult {
  /** In the file; absent for a person named on the command line. */
  readonly line?: number;
}

/**
 * Links one person, or those of a file; `--json` returns `{ok, dryRun, results: [{line?, status, unionId?, userId?,
 * detail?}]}`.
 */
export async function bindCommand(options: BindCommandOptions, io: Io): Promise<number> {
  const { dryRun = false, json = false, allowProtected = false } = options;
  const target = targetOf(io, options.authenticator);
  const people = peopleMeant(options, target.home);
  const dingtalk = target.dingtalk && new (await doctorOnCall()).DingTalkCalls(target.dingtalk);
  if (dingtalk !== undefined && people.some(isKnownByUserid)) await mustBeMeant(io, ['dingtalk']);
  const results: LineResult[] = [];
  const report = (result: LineResult): void => {
    results.push(result);
    if (!json) io.out(asLine(result, dryRun, io.lang));
  };
  try {
    await withBindings(io, target, options, async (admin, bindings) => {
      for (const person of people) {
        const bind = (unionId: string, key: UserKey): Promise<BindResult> =>
          bindOne({ admin, bindings }, unionId, key, { protectedRoles: target.protectedRoles, allowProtected });
        report(
          'key' in person
            ? await bindNamed(person, dingtalk, bind)
            : await bindLine(person, dingtalk, target.home, bind),
        );
      }
    });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    report({ status: 'error', detail: explain(error) });
  }
  const ok = results.every(({ status }) => status === 'ok' || status === 'already');
  if (json) io.out(asJsonText({ ok, dryRun, results: results.map(forPrograms) }));
  else if (options.file !== undefined) io.err(`${countOf(results)}\n`);
  return ok ? 0 : 1;
}

/** One person, named on the command line. */
interface Named {
  readonly dingtalk: { readonly field: 'unionId' | 'userid'; readonly value: string };
  readonly key: UserKey;
}

function isKnownByUserid(person: PersonLine | Named): boolean {
  return 'dingtalk' in person && person.dingtalk.field === 'userid';
}

function peopleMeant(options: BindCommandOptions, home: Region): readonly (PersonLine | Named)[] {
  const { unionId, dingtalkUserid: userid, file } = options;
  // With --dingtalk-userid there is no unionId, and the only argument is the user.
  const user = userid === undefined ? options.user : (options.user ?? unionId);
  const named = (
    [
      ['id', options.userId],
      ['username', options.username],
      ['phone', options.phone],
      ['email', options.email],
    ] as const
  ).flatMap(([field, value]) => (value === undefined || value === '' ? [] : [{ field, value }]));
  if (file !== undefined) {
    if (unionId !== undefined || userid !== undefined || named.length > 0) throw new UsageError(TEXTS.fileOrOne);
    return readPeople(file);
  }
  const [first, ...others] = named;
  const isNamedTwice = userid !== undefined && options.user !== undefined;
  const nobody = unionId === undefined && userid === undefined;
  if (nobody || isNamedTwice || others.length > 0 || (first === undefined) === (user === undefined)) {
    throw new UsageError(TEXTS.whoAndWhom);
  }
  const key =
    first === undefined
      ? asUsage(() => prefixedUserKey(user ?? '', home))
      : asUsage(() => userKey(first.field, first.value, home));
  if (key === undefined) {
    throw new UsageError(TEXTS.howNamed);
  }
  const dingtalk =
    userid === undefined
      ? { field: 'unionId' as const, value: unionId ?? '' }
      : { field: 'userid' as const, value: userid };
  return [{ dingtalk, key }];
}

function asUsage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof TextError ? new UsageError(error.text) : error;
  }
}

async function bindNamed(
  person: Named,
  dingtalk: DingTalkCalls | undefined,
  bind: (unionId: string, key: UserKey) => Promise<BindResult>,
): Promise<LineResult> {
  const unionId = await unionIdOf(person.dingtalk, dingtalk);
  return typeof unionId === 'string' ? guarded(() => bind(unionId, person.key)) : unionId;
}

async function bindLine(
  person: PersonLine,
  dingtalk: DingTalkCalls | undefined,
  home: Region,
  bind: (unionId: string, key: UserKey) => Promise<BindResult>,
): Promise<LineResult> {
  const { line } = person;
  if ('problem' in person) return { line, status: 'error', detail: person.problem };
  let key: UserKey;
  try {
    key = userKey(person.user.field, person.user.value, home);
  } catch (error) {
    return { line, status: 'error', detail: explain(error) };
  }
  const unionId = await unionIdOf(person.dingtalk, dingtalk);
  if (typeof unionId !== 'string') return { line, ...unionId };
  return { line, ...(await guarded(() => bind(unionId, key))) };
}

async function unionIdOf(
  { field, value }: { field: 'unionId' | 'userid'; value: string },
  dingtalk: DingTalkCalls | undefined,
): Promise<string | BindResult> {
  if (field === 'unionId') return value;
  if (dingtalk === undefined) {
    return { status: 'error', detail: TEXTS.notConfigured };
  }
  try {
    return (await dingtalk.unionIdOf(value)) ?? { status: 'not found', detail: TEXTS.noSuchMember };
  } catch (error) {
    const { ExchangeError } = await doctorOnCall();
    if (error instanceof ExchangeError) return { status: 'error', detail: TEXTS.dingtalkSays(error.code) };
    return { status: 'error', detail: error instanceof TextError ? error.text : TEXTS.unexpected };
  }
}

/** An invalid line does not stop the others. */
async function guarded(bind: () => Promise<BindResult>): Promise<BindResult> {
  try {
    return await bind();
  } catch (error) {
    return { status: 'error', detail: explain(error) };
  }
}

function forPrograms(result: LineResult): object {
  return result.detail === undefined ? result : { ...result, detail: result.detail.en };
}

function asLine({ line, status, unionId, userId, detail }: LineResult, dryRun: boolean, lang: Lang): string {
  const who = [unionId, userId === undefined ? undefined : TEXTS.user(userId)[lang]].filter(Boolean).join(' -> ');
  const said = dryRun && status === 'ok' ? TEXTS.wouldBeLinked[lang] : status;
  const parts = [line === undefined ? undefined : TEXTS.line(line)[lang], said, who, detail?.[lang]];
  return `${printable(parts.filter(Boolean).join(': '))}\n`;
}

function countOf(results: readonly LineResult[]): string {
  const counts = new Map<string, number>();
  for (const { status } of results) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].map(([status, count]) => `${status}: ${count}`).join(', ');
}
