import { createHash } from 'node:crypto';
import { Op } from '@nocobase/database';
import { z } from 'zod';
import type { Hint } from '../../../../src/core/leavers/index.js';
import { hint as hintShape } from '../../../../src/core/plugin-protocol/index.js';
import { isTaken } from '../unique-violation.js';
import { inPages } from './in-pages.js';
import type { LeaverTables } from './tables.js';

/** How long a processed hint is recognized as a duplicate: DingTalk resends events for minutes, and duplicates some. */
const KNOWN_FOR_MS = 7 * 86_400_000;
/** After this time a nightly check has covered the person anyway. */
const KEPT_FOR_MS = 30 * 86_400_000;
const PRUNED_EVERY_MS = 3_600_000;

/** Hints about people of one authenticator. Durable: once a hint is noted, its sender may forget it. */
export class Hints {
  private prunedAt = 0;

  constructor(
    private readonly tables: LeaverTables,
    private readonly authenticator: string,
  ) {}

  /** @returns those that were not noted before */
  async note(hints: readonly Hint[]): Promise<readonly Hint[]> {
    await this.prune();
    const noted: Hint[] = [];
    for (const some of inPages(hints)) noted.push(...(await this.notePage(some)));
    return noted;
  }

  /** Usually all of them are new: one statement; otherwise one statement each. */
  private async notePage(hints: readonly Hint[]): Promise<readonly Hint[]> {
    const { authenticator } = this;
    const rows = hints.map((hint) => ({
      authenticator,
      key: keyOf(hint.id),
      hint: JSON.stringify(hint),
      heardAt: Date.now(),
      doneAt: null,
    }));
    try {
      await this.tables.hints.bulkCreate(rows, {});
      return hints;
    } catch (error) {
      if (!isTaken(error)) throw error;
      if (hints.length === 1) return [];
    }
    const noted: Hint[] = [];
    for (const hint of hints) noted.push(...(await this.notePage([hint])));
    return noted;
  }

  /** Oldest first. */
  async waiting(limit: number): Promise<readonly Hint[]> {
    const { authenticator } = this;
    const rows = await this.tables.hints.findAll({
      where: { authenticator, doneAt: null },
      order: [['heardAt', 'ASC']],
      limit,
    });
    return rows.flatMap((row) => read(row.get('hint')) ?? []);
  }

  async done(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const { authenticator } = this;
    const where = { authenticator, key: { [Op.in]: ids.map(keyOf) } };
    await this.tables.hints.update({ doneAt: Date.now() }, { where });
  }

  private async prune(): Promise<void> {
    const now = Date.now();
    if (now - this.prunedAt < PRUNED_EVERY_MS) return;
    this.prunedAt = now;
    const { authenticator } = this;
    await this.tables.hints.destroy({ where: { authenticator, doneAt: { [Op.lt]: now - KNOWN_FOR_MS } } });
    await this.tables.hints.destroy({ where: { authenticator, heardAt: { [Op.lt]: now - KEPT_FOR_MS } } });
  }
}

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue('no JSON');
    return z.NEVER;
  }
});

/** @returns undefined if it was written without going through us, or by another version */
function read(written: unknown): Hint | undefined {
  // JSON keeps absent properties absent.
  return json.pipe(hintShape).safeParse(written).data as Hint | undefined;
}

function keyOf(id: string): string {
  return createHash('sha256').update(id).digest('hex');
}
