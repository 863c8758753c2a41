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
  readonly detail?: string;
}

/** Takes a link away; `--json` gives `{ok, dryRun, unionId, removed: [userId], detail?}`. */
export async function unbindCommand(options: UnbindCommandOptions, io: Io): Promise<number> {
  const { unionId, dryRun = false, json = false } = options;
  if (unionId.trim() === '') throw new UsageError('Give a unionId.');
  if (options.userId !== undefined && !/^\d+$/.test(options.userId))
    throw new UsageError('--user-id is a whole number.');
  const result = await unbind(options, io).catch((error: unknown): UnbindResult => {
    if (error instanceof UsageError) throw error;
    return { ok: false, removed: [], detail: explain(error) };
  });
  if (json) io.out(asJsonText({ ...result, dryRun, unionId }));
  else {
    for (const userId of result.removed)
      io.out(`${dryRun ? 'would be removed' : 'removed'}: ${printable(unionId)} -> user ${userId}\n`);
    if (result.detail !== undefined) io.err(`${result.detail}\n`);
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
    if (binding === undefined) return { ok: false, removed: [], detail: 'There is no such link.' };
    if (another !== undefined) {
      const ids = meant.map((one) => one.userId).join(', ');
      return { ok: false, removed: [], detail: `Users ${ids} are linked to this unionId: say which with --user-id.` };
    }
    const gone = await bindings.unbind(binding);
    return gone
      ? { ok: true, removed: [binding.userId] }
      : { ok: false, removed: [], detail: 'NocoBase did not remove the link.' };
  });
}
