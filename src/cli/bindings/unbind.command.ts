import type { Text } from '../../core/texts/index.js';
import { TEXTS } from '../texts.js';
import { UsageError } from '../usage.error.js';
import { asJsonText, printable } from '../../printing/index.js';
import type { Io } from '../io.js';
import { explain } from '../command.errors.js';
import type { AddressOptions } from '../root-credentials.js';
import { targetOf, withBindings } from './target.js';

export interface UnbindCommandOptions extends AddressOptions {
  readonly unionId: string;
  readonly userId?: string;
  readonly authenticator?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

interface UnbindResult {
  readonly ok: boolean;
  readonly removed: readonly number[];
  readonly detail?: Text;
}

/** Removes a binding; `--json` returns `{ok, dryRun, unionId, removed: [userId], detail?}`. */
export async function unbindCommand(options: UnbindCommandOptions, io: Io): Promise<number> {
  const { unionId, dryRun = false, json = false } = options;
  if (unionId.trim() === '') throw new UsageError(TEXTS.giveUnionId);
  if (options.userId !== undefined && !/^\d+$/.test(options.userId)) {
    throw new UsageError(TEXTS.userIdIsNumber);
  }
  const result = await unbind(options, io).catch((error: unknown): UnbindResult => {
    if (error instanceof UsageError) throw error;
    return { ok: false, removed: [], detail: explain(error) };
  });
  const { detail } = result;
  if (json) {
    io.out(asJsonText({ ...result, ...(detail === undefined ? {} : { detail: detail.en }), dryRun, unionId }));
  } else {
    const done = (dryRun ? TEXTS.wouldBeRemoved : TEXTS.removed)[io.lang];
    for (const userId of result.removed) {
      io.out(`${done}: ${TEXTS.linked(printable(unionId), userId)[io.lang]}\n`);
    }
    if (detail !== undefined) io.err(`${detail[io.lang]}\n`);
  }
  return result.ok ? 0 : 1;
}

async function unbind(options: UnbindCommandOptions, io: Io): Promise<UnbindResult> {
  const { unionId, userId } = options;
  const target = targetOf(io, options.authenticator);
  return withBindings(io, target, options, async (_admin, bindings) => {
    const all = await bindings.ofSubject(unionId);
    const meant = userId === undefined ? all : all.filter((binding) => binding.userId === Number(userId));
    const [binding, another] = meant;
    if (binding === undefined) return { ok: false, removed: [], detail: TEXTS.noSuchLink };
    if (another !== undefined) {
      const ids = meant.map((one) => one.userId).join(', ');
      return { ok: false, removed: [], detail: TEXTS.severalLinked(ids) };
    }
    const gone = await bindings.unbind(binding);
    return gone ? { ok: true, removed: [binding.userId] } : { ok: false, removed: [], detail: TEXTS.notRemoved };
  });
}
