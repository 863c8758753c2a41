import { type Model, Op } from '@nocobase/database';
import { z } from 'zod';
import type { Unclear, WatchState } from '../../../../src/core/leavers/index.js';
import { UNCLEAR } from '../../../../src/core/leavers/index.js';
import { STREAM_TOLD_FOR_MS } from '../../../../src/core/organization-events/index.js';
import { isTaken } from '../unique-violation.js';
import type { LeaverTables } from './tables.js';

/** Name of the connection state that a process reports, followed by the id of the process. */
const STREAM = 'state stream ';
/** When records of processes that no longer exist are deleted. */
const FORGOTTEN_MS = 86_400_000;

/** What a watch stores by name, its reported state, and its leases. */
export class Marks {
  constructor(
    private readonly tables: LeaverTables,
    private readonly authenticator: string,
  ) {}

  async read(name: string): Promise<string | undefined> {
    const row = await this.tables.marks.findOne({ where: { authenticator: this.authenticator, name: `mark ${name}` } });
    return row === null ? undefined : String(row.get('value'));
  }

  async write(name: string, value: string): Promise<void> {
    await this.put(`mark ${name}`, value);
  }

  /** One statement decides between two nodes that ask at the same time: the row changes for only one of them. */
  async lease(name: string, forMs: number, holder: string): Promise<boolean> {
    const { authenticator, tables } = this;
    const row = { authenticator, name: `lease ${name}` };
    const now = Date.now();
    const changes = { value: holder, endsAt: now + forMs };
    const free = { [Op.or]: [{ endsAt: { [Op.lt]: now } }, { value: holder }] };
    const [taken] = await tables.marks.update(changes, { where: { ...row, ...free } });
    if (taken > 0) return true;
    try {
      await tables.marks.create({ ...row, ...changes });
      return true;
    } catch (error) {
      if (isTaken(error)) return false;
      throw error;
    }
  }

  /** @param holder the process that reports: each has its own connection */
  async tell({ trouble, stream, progress, nightEndedAt }: WatchState, holder: string): Promise<void> {
    if (trouble !== undefined) {
      const { what, why, detail } = trouble;
      const name = `state trouble ${what}`;
      if (why === 'none') await this.take(name);
      else {
        const before = this.troubleIn(await this.readState(name));
        const since = before?.why === why ? before.since : Date.now();
        await this.put(name, JSON.stringify({ what, why, detail, since } satisfies Trouble));
      }
    }
    if (stream !== undefined) await this.tellStream(stream, holder);
    if (progress !== undefined) await this.put('state progress', JSON.stringify(progress));
    if (nightEndedAt !== undefined) {
      await this.put('state night', JSON.stringify(nightEndedAt));
      await this.take('state progress');
    }
  }

  private async tellStream(stream: NonNullable<WatchState['stream']>, holder: string): Promise<void> {
    const { authenticator, tables } = this;
    const now = Date.now();
    await tables.marks.destroy({ where: { authenticator, endsAt: { [Op.lt]: now - FORGOTTEN_MS } } });
    const row = { authenticator, name: `${STREAM}${holder}`, value: stream, endsAt: now + STREAM_TOLD_FOR_MS };
    await tables.marks.upsert(row);
  }

  /** The last reported state. */
  async told(): Promise<Told> {
    const rows = await this.tables.marks.findAll({ where: { authenticator: this.authenticator } });
    const states = new Map(rows.map((row) => [String(row.get('name')), parsed(row.get('value'))]));
    const streams = rows.filter(isStreamOfNow).map((row) => row.get('value'));
    const troubles = [...states].filter(([name]) => name.startsWith('state trouble ')).map(([, value]) => value);
    return {
      troubles: troubles.flatMap((value) => this.troubleIn(value) ?? []),
      // One connection is enough: DingTalk sends an event to one of them, and all processes share the book.
      stream: streams.includes('connected') ? 'connected' : streams.length > 0 ? 'disconnected' : undefined,
      progress: z.object({ done: z.int(), of: z.int() }).safeParse(states.get('state progress')).data,
      nightEndedAt: z.int().safeParse(states.get('state night')).data,
    };
  }

  private troubleIn(value: unknown): Trouble | undefined {
    return trouble.safeParse(value).data;
  }

  private async readState(name: string): Promise<unknown> {
    const row = await this.tables.marks.findOne({ where: { authenticator: this.authenticator, name } });
    return row === null ? undefined : parsed(row.get('value'));
  }

  private async put(name: string, value: string): Promise<void> {
    await this.tables.marks.upsert({ authenticator: this.authenticator, name, value, endsAt: null });
  }

  private async take(name: string): Promise<void> {
    await this.tables.marks.destroy({ where: { authenticator: this.authenticator, name } });
  }
}

const trouble = z.object({
  what: z.enum(['members', 'records', 'stream']),
  why: z.enum(UNCLEAR),
  detail: z.string().optional(),
  since: z.int(),
});

export interface Trouble {
  readonly what: 'members' | 'records' | 'stream';
  readonly why: Unclear;
  readonly detail?: string | undefined;
  readonly since: number;
}

export interface Told {
  readonly troubles: readonly Trouble[];
  readonly stream: 'connected' | 'disconnected' | undefined;
  readonly progress: { readonly done: number; readonly of: number } | undefined;
  readonly nightEndedAt: number | undefined;
}

function isStreamOfNow(row: Model): boolean {
  return String(row.get('name')).startsWith(STREAM) && Number(row.get('endsAt')) > Date.now();
}

function parsed(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
