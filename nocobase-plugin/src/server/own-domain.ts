import { type Application, type Context, Gateway } from '@nocobase/server';
import type { PlaceSettings } from '../../../src/core/nocobase-web/index.js';
import { placesOf } from './paths.js';
import { LOG } from './texts.js';

/** The headers by which NocoBase tells hosts apart: in the multi-app manager's selector, and in `getHost` of core/server/src/gateway. */
const OF_THE_HOST = ['host', 'x-forwarded-host', 'x-hostname'] as const;

/** Made once for each application: NocoBase's environment stays the same while it runs, and a sign-in asks several times. */
const places = new WeakMap<Application, PlaceSettings>();

/** This application's paths, as seen by the browser that sent this request. */
export async function placesSeenFrom(context: Context): Promise<PlaceSettings> {
  const { app } = context;
  const byPath = places.get(app) ?? placesOf(app.name);
  places.set(app, byPath);
  return (await hasOwnDomain(context)) ? { ...byPath, ownDomain: true } : byPath;
}

/**
 * Whether the host of this request leads to this sub-app by itself (`cname`): its pages then have no `/apps/<name>`. NocoBase
 * itself is asked, with a request that names no application, so that its own rules for hosts apply.
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
