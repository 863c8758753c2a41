import type { Database, Model } from '@nocobase/database';
import { AUTH_TYPE } from '../../../src/core/plugin-protocol/index.js';
import { type Settings, settings } from './settings.js';

/** An authenticator of type DingTalk as it is in the database now: NocoBase's own list may be outdated after a change on another node. */
export interface DingTalkAuthenticator {
  readonly id: unknown;
  readonly name: string;
  readonly title: string;
  readonly enabled: boolean;
  readonly settings: Settings;
}

export async function findAll(db: Database): Promise<readonly DingTalkAuthenticator[]> {
  const rows = await db.getRepository('authenticators').find({ filter: { authType: AUTH_TYPE }, sort: 'id' });
  return rows.map(read).filter((found) => found !== undefined);
}

/** @returns undefined if settings written without going through NocoBase cannot be read */
function read(row: Model): DingTalkAuthenticator | undefined {
  const title = row.get('title');
  const { data } = settings.safeParse(row.get('options') ?? {});
  if (data === undefined) return undefined;
  return {
    id: row.get('id'),
    name: String(row.get('name')),
    title: typeof title === 'string' ? title : '',
    enabled: row.get('enabled') === true,
    settings: data,
  };
}
