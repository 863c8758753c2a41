import type { Model, Transaction } from '@nocobase/database';
import { Op } from '@nocobase/database';
import type { Evidence, Origin, Unclear } from '../../../../src/core/leavers/index.js';
import { type ReportKind } from './admin-api.js';
import { inPages } from './in-pages.js';
import type { LeaverTables } from './tables.js';

/** How long reports are kept, and how many. */
const KEPT_FOR_MS = 90 * 86_400_000;
const MAX_REPORTS = 10_000;
/**
 * Maximum number of reports about people of whom nothing is known: if a scope is reduced there is one for everyone, and other
 * reports must remain.
 */
const MAX_UNCLEAR = 5000;
/** Interval between checks for surplus reports. */
const PRUNED_EVERY = 100;
const MAX_DETAIL = 200;

export interface Report {
  readonly userId: number;
  readonly kind: ReportKind;
  readonly authenticator?: string;
  readonly why?: Unclear;
  readonly detail?: string | undefined;
  readonly source?: Origin;
  readonly evidence?: Evidence;
  /** The administrator who did it. */
  readonly byUserId?: number | undefined;
}

/**
 * What administrators read. A repeated result for the same person updates the time of the same report, as every nightly check
 * repeats it.
 */
export class Reports {
  private written = 0;

  constructor(private readonly tables: LeaverTables) {}

  async write(report: Report, transaction?: Transaction): Promise<void> {
    const now = Date.now();
    const { userId, kind, authenticator = null, why = null, source = null, byUserId = null } = report;
    const detail = report.detail?.slice(0, MAX_DETAIL) ?? null;
    const evidence = report.evidence === undefined ? null : JSON.stringify(report.evidence);
    const [last] = await this.tables.reports.findAll({
      where: { userId, authenticator },
      order: [['id', 'DESC']],
      limit: 1,
      transaction,
    });
    const isTheSame = last !== undefined && byUserId === null && last.get('kind') === kind && last.get('why') === why;
    if (isTheSame) {
      const values = { at: now, detail, source, evidence };
      await this.tables.reports.update(values, { where: { id: last.get('id') }, transaction });
      return;
    }
    const row = { userId, kind, authenticator, why, detail, source, evidence, byUserId, at: now, since: now };
    await this.tables.reports.create(row, { transaction });
    this.written += 1;
    if (this.written % PRUNED_EVERY === 1) await this.prune(transaction);
  }

  /** For many people at once: a statement for each would delay everyone who waits for the locks. */
  async writeOfMany(
    userIds: readonly number[],
    { kind, authenticator, byUserId }: Pick<Report, 'kind' | 'authenticator' | 'byUserId'>,
    transaction: Transaction,
  ): Promise<void> {
    const now = Date.now();
    const nothing = { why: null, detail: null, source: null, evidence: null };
    // Surplus ones are not kept (`prune`).
    const rows = userIds
      .slice(-MAX_REPORTS)
      .map((userId) => ({ userId, kind, authenticator, byUserId: byUserId ?? null, ...nothing, at: now, since: now }));
    for (const some of inPages(rows)) await this.tables.reports.bulkCreate(some, { transaction });
    await this.prune(transaction);
  }

  private async prune(transaction: Transaction | undefined): Promise<void> {
    const { reports } = this.tables;
    await reports.destroy({ where: { at: { [Op.lt]: Date.now() - KEPT_FOR_MS } }, transaction });
    await this.keepLatest(MAX_UNCLEAR, { kind: 'unclear' }, transaction);
    await this.keepLatest(MAX_REPORTS, {}, transaction);
  }

  private async keepLatest(count: number, where: { kind?: ReportKind }, transaction?: Transaction): Promise<void> {
    const { reports } = this.tables;
    const [oldest] = await reports.findAll({
      where,
      attributes: ['id'],
      order: [['id', 'DESC']],
      limit: 1,
      offset: count,
      transaction,
    });
    if (oldest === undefined) return;
    await reports.destroy({ where: { ...where, id: { [Op.lte]: oldest.get('id') } }, transaction });
  }

  /** Newest first. @param userIds limits the result to these users */
  async page(
    { page, pageSize }: { readonly page: number; readonly pageSize: number },
    userIds?: readonly number[],
  ): Promise<{ readonly rows: readonly Model[]; readonly total: number }> {
    const where = userIds === undefined ? {} : { userId: { [Op.in]: [...userIds] } };
    const { reports } = this.tables;
    const [rows, total] = await Promise.all([
      reports.findAll({
        where,
        order: [
          ['at', 'DESC'],
          ['id', 'DESC'],
        ],
        limit: pageSize,
        offset: (page - 1) * pageSize,
      }),
      reports.count({ where }),
    ]);
    return { rows, total };
  }
}
