import { StoreUnavailableError } from '../../core/sign-in/index.js';
import { DETAIL } from '../../core/texts/index.js';
import { InProcessLeaverMemory } from './in-process.leaver-memory.js';
import { LeaverRecords, leaverState } from './leaver-records.js';
import { type Stamp, StateFile } from './state-file.js';

/** In a file of `STATE_FOLDER`, for one gateway without Redis, and for commands that run alongside. */
export class FileLeaverMemory extends InProcessLeaverMemory {
  override readonly isDurable = true;
  private readonly file: StateFile;
  private stamp: Stamp | undefined;
  /** Serializes the work of this process; the lock serializes processes. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(path: string, onFull?: () => void) {
    super(undefined, onFull);
    this.file = new StateFile(path);
  }

  protected override async read<T>(work: (records: LeaverRecords) => T): Promise<T> {
    return this.inTurn(async () => {
      await this.refresh();
      return work(this.records);
    });
  }

  protected override async change<T>(work: (records: LeaverRecords) => T): Promise<T> {
    return this.inTurn(async () =>
      this.file.alone(async () => {
        await this.refresh();
        try {
          const result = work(this.records);
          this.stamp = await this.file.write(this.records.text);
          return result;
        } catch (error) {
          // The change may be incomplete or unsaved, so the file is read again.
          this.stamp = undefined;
          this.records = new LeaverRecords();
          throw error;
        }
      }),
    );
  }

  private async refresh(): Promise<void> {
    const now = await this.file.stamp();
    if (now !== undefined && now === this.stamp) return;
    const read = await this.file.read();
    this.records = read === undefined ? new LeaverRecords() : recordsIn(read.text);
    this.stamp = read?.stamp;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.last.then(work, work);
    this.last = turn.catch(() => undefined);
    return turn;
  }
}

/** An unreadable file is left for an operator to inspect: starting afresh would lose all userids. */
function recordsIn(text: string): LeaverRecords {
  const read = leaverState.safeParse(parsed(text));
  if (!read.success) throw new StoreUnavailableError(DETAIL.store.unreadable.en);
  return LeaverRecords.of(read.data);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
