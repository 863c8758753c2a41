import { LRUCache } from 'lru-cache';
import { OutOfTimeError, waitInBudget, withTimeBudget } from '../upstream/index.js';
import { AppTokens } from './app-tokens.js';
import { DingTalkApiClient } from './dingtalk-api.client.js';
import { LOG } from '../texts/index.js';

/** Timeout for one name: it is optional, and many may wait for it. */
const READING_MS = 1500;
/** Cache age: departments are rarely renamed. */
const FRESH_MS = 3_600_000;
/** A list of more departments would be useless. */
const MAX_DEPARTMENTS = 10;

/** Names of the organization's departments, each cached for an hour. */
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

  /**
   * @returns the names, separated by commas; undefined if DingTalk does not return them: no sign-in fails because of
   *   that
   */
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
