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

/** One whose settings cannot be read: they were written by an older version, or without going through NocoBase. */
export interface Unreadable {
  readonly name: string;
  readonly enabled: boolean;
  /** A key of `locale/*.json`. */
  readonly problem: string;
}

/** Those whose settings can be read: nobody signs in with another. @param skip is told of each of the others */
export async function findAll(
  db: Database,
  skip: (unreadable: Unreadable) => void = () => {},
): Promise<readonly DingTalkAuthenticator[]> {
  const rows = await db.getRepository('authenticators').find({ filter: { authType: AUTH_TYPE }, sort: 'id' });
  return rows.flatMap((row) => {
    const found = read(row);
    if (!('problem' in found)) return [found];
    skip(found);
    return [];
  });
}

function read(row: Model): DingTalkAuthenticator | Unreadable {
  const title = row.get('title');
  const { data, error } = settings.safeParse(row.get('options') ?? {});
  if (data === undefined) {
    const problem = error.issues[0]?.message ?? 'settings.object';
    return { name: String(row.get('name')), enabled: row.get('enabled') === true, problem };
  }
  return {
    id: row.get('id'),
    name: String(row.get('name')),
    title: typeof title === 'string' ? title : '',
    enabled: row.get('enabled') === true,
    settings: data,
  };
}
