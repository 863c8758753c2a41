import { isRecord, isText } from '../../../src/core/browser/index.js';
import { type Outcome, OUTCOMES } from '../server/take-over/outcomes.js';
import { messageOf } from './api-error.js';
import type { ClientApp } from './client-app.js';

export interface OtherAuthenticator {
  readonly name: string;
  readonly title: string;
}

interface Line {
  readonly userId: number;
  readonly nickname: string;
  readonly outcome: Outcome;
}

/** Result of all batches so far. */
export interface TakenOver {
  readonly counts: Readonly<Record<Outcome, number>>;
  /** The first people who need attention. */
  readonly lines: readonly Line[];
  /** The user to continue after; undefined if nobody is left. */
  readonly next: number | undefined;
  /** Why it stopped before the end. */
  readonly failure: string | undefined;
}

const MAX_LINES = 20;
/** The password authenticator links nobody. */
const PASSWORD_TYPE = 'Email/Password';

export const NOBODY: TakenOver = { counts: countsIn({}), lines: [], next: 0, failure: undefined };

export function isOver({ next, failure }: TakenOver): boolean {
  return next === undefined || failure !== undefined;
}

/** @returns an empty list if NocoBase does not list them */
export async function fetchOthers(app: ClientApp, name: string): Promise<readonly OtherAuthenticator[]> {
  const request = { url: 'authenticators:list', method: 'get', params: { paginate: false, sort: 'id' } } as const;
  try {
    const { data: body } = await app.apiClient.request({ ...request, skipNotify: true });
    const rows = isRecord(body) && Array.isArray(body['data']) ? body['data'].filter(isRecord) : [];
    const others: OtherAuthenticator[] = [];
    for (const { name: other, title, authType } of rows) {
      if (!isText(other) || other === name || authType === PASSWORD_TYPE) continue;
      others.push({ name: other, title: isText(title) ? title : String(authType) });
    }
    return others;
  } catch {
    return [];
  }
}

/** The next batch, added to the results of the earlier ones. */
export async function takeOverPart(
  app: ClientApp,
  authenticator: string,
  values: { readonly from: string; readonly dryRun: boolean },
  before: TakenOver,
): Promise<TakenOver> {
  const after = before.next ?? 0;
  try {
    const request = { url: 'dingtalk:takeOver', method: 'post', params: { authenticator } } as const;
    const { data: body } = await app.apiClient.request({ ...request, data: { ...values, after }, skipNotify: true });
    const { counts, lines, next, stopped } = isRecord(body) && isRecord(body['data']) ? body['data'] : {};
    return {
      counts: countsIn(counts, before.counts),
      lines: [...before.lines, ...linesIn(lines)].slice(0, MAX_LINES),
      // An answer that does not advance ends the run.
      next: typeof next === 'number' && next > after ? next : undefined,
      failure: isText(stopped) ? stopped : undefined,
    };
  } catch (error) {
    return { ...before, failure: messageOf(error) ?? '' };
  }
}

/** @param before the results to add to */
function countsIn(value: unknown, before?: TakenOver['counts']): TakenOver['counts'] {
  const said = isRecord(value) ? value : {};
  const of = (outcome: Outcome): number => {
    const count = said[outcome];
    return (before?.[outcome] ?? 0) + (typeof count === 'number' ? count : 0);
  };
  return {
    linked: of('linked'),
    already: of('already'),
    protected: of('protected'),
    gone: of('gone'),
    conflict: of('conflict'),
    unknown: of('unknown'),
    outOfScope: of('outOfScope'),
    number: of('number'),
  };
}

function linesIn(value: unknown): readonly Line[] {
  const lines: Line[] = [];
  for (const { userId, nickname, outcome } of Array.isArray(value) ? value.filter(isRecord) : []) {
    const known = OUTCOMES.find((one) => one === outcome);
    if (typeof userId !== 'number' || known === undefined) continue;
    lines.push({ userId, nickname: isText(nickname) ? nickname : '', outcome: known });
  }
  return lines;
}
