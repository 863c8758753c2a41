import { type Context, Gateway } from '@nocobase/server';
import type { PlaceSettings } from '../../../src/core/nocobase-web/index.js';
import { placesOf } from './paths.js';
import { LOG } from './texts.js';

/** What NocoBase tells hosts apart by: the multi-app manager's selector, and `getHost` of core/server/src/gateway. */
const OF_THE_HOST = ['host', 'x-forwarded-host', 'x-hostname'] as const;

/** Where this application has what, as the browser sees it that sent this request. */
export async function placesSeenFrom(context: Context): Promise<PlaceSettings> {
  return placesOf(context.app.name, await hasOwnDomain(context));
}

/**
 * Whether the host of this request is one that leads to this sub-app by itself (`cname`): there its pages are without
 * `/apps/<name>`. NocoBase itself is asked, with a request that names no application, whatever its way to tell hosts apart.
 */
async function hasOwnDomain(context: Context): Promise<boolean> {
  const { app } = context;
  if (app.name === 'main') return false;
  const said = OF_THE_HOST.map((name) => [name, context.get(name)] as const);
  const headers = Object.fromEntries(said.filter(([, value]) => value !== ''));
  try {
    return (await Gateway.getInstance().getRequestHandleAppName({ url: '/', headers })) === app.name;
  } catch (error) {
    app.log.warn(LOG.hostUnknown.en, { detail: String(error).slice(0, 200) });
    return false;
  }
}
