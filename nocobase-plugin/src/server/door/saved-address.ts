import type { Context } from '@nocobase/server';
import { pluginUrl } from '../../../../src/core/plugin-protocol/index.js';
import { placesOf } from '../paths.js';
import { missingSettings, type Settings } from '../settings.js';
import { keptQuery } from './kept-query.js';

/** The parameters of a start that are passed on. */
const KEPT = ['authenticator', 'redirect', 'flow', 'corpId'];

/** Marks a start that was redirected already: a browser names the same page again. */
const SENT_ON = 'sent-on';

/**
 * The start of the same sign-in at the address that an administrator has saved. A company may use several addresses for one NocoBase,
 * but people return to the saved one only, and a cookie only to the host that set it.
 *
 * @returns undefined if this is that address, the start was redirected already, or no sign-in can start
 */
export function startAtSavedAddress({ app, query, req }: Context, settings: Settings): string | undefined {
  const { nocobaseUrl } = settings;
  if (missingSettings(settings).length > 0 || query[SENT_ON] !== undefined) return undefined;
  if (!isElsewhere(req.headers.referer, nocobaseUrl)) return undefined;
  const search = keptQuery({ query }, KEPT);
  search.set(SENT_ON, '1');
  return `${pluginUrl(nocobaseUrl, placesOf(app.name), 'start')}?${search.toString()}`;
}

/**
 * Whether the page that the start was opened from is at another address. The page says so itself (`Referer`): proxies may change
 * `Host` and `X-Forwarded-Proto`, and NocoBase 2.0's image always says `http`. A page of another site leads to one more redirect. The
 * port does not matter: cookies do not know it (RFC 6265, section 8.5).
 */
export function isElsewhere(page: string | undefined, nocobaseUrl: string): boolean {
  if (page === undefined || !URL.canParse(page)) return false;
  const [asked, saved] = [new URL(page), new URL(nocobaseUrl)];
  return asked.protocol !== saved.protocol || asked.hostname !== saved.hostname;
}
