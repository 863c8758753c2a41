import { LRUCache } from 'lru-cache';
import { OutOfTimeError, waitInBudget, withTimeBudget } from '../upstream/index.js';
import { AppTokens } from './app-tokens.js';
import { DingTalkApiClient } from './dingtalk-api.client.js';
import { LOG } from '../texts/index.js';

/** For reading one name: it is a nicety, and many may wait for it. */
const READING_MS = 1500;
/** Departments are renamed seldom. */
const FRESH_MS = 3_600_000;
/** Somebody in more departments than that has no use for a list of them. */
const MAX_DEPARTMENTS = 10;

/** Names of the organization's departments, each asked for once an hour. */
export class Departments {
  private readonly names = new LRUCache<number, string>({
    max: 5000,
    ttl: FRESH_MS,
    fetchMethod: (id) => withTimeBudget(READING_MS, () => this.read(id)),
  });

  constructor(
    private readonly appTokens: AppTokens,
    private readonly api: DingTalkApiClient,
    private readonly warn: (line: string) => void,
  ) {}

  /** @returns the names, separated by commas; undefined where DingTalk does not give them: no sign-in fails over that */
  async namesOf(ids: readonly number[]): Promise<string | undefined> {
    const late = () => new OutOfTimeError({ upstream: 'DingTalk', operation: 'department' });
    try {
      const read = ids.slice(0, MAX_DEPARTMENTS).map(async (id) => waitInBudget(this.names.fetch(id), late));
      return (await Promise.all(read)).join(', ');
    } catch (error) {
      this.warn(LOG.departmentsNotRead(error instanceof Error ? error.message : LOG.unknownReason.en).en);
      return undefined;
    }
  }

  private async read(id: number): Promise<string> {
    return (await this.appTokens.use((token) => this.api.department(token, id))).name;
  }
}
