import type { Context } from '@nocobase/server';
import { appInPath } from '../../../src/core/nocobase-web/index.js';
import { ERROR_PARAMETER } from '../../../src/core/plugin-protocol/index.js';
import { findEnabled } from './authenticators.js';
import { bindBrowser } from './browser-binding.js';
import { placesSeenFrom } from './own-domain.js';
import { signInPage } from './paths.js';
import { returnPathOf } from './return-paths.js';
import { missingSettings } from './settings.js';
import { LOG } from './texts.js';

/**
 * `GET dingtalk:start?authenticator=NAME[&redirect=/admin/x][&flow=in-app[&corpId=…]]`: where every sign-in starts. Ties
 * it to this browser and sends it on to the gateway.
 */
export async function start(context: Context): Promise<void> {
  const { authenticator: name, redirect, flow, corpId } = context.query;
  context.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' });
  context.withoutDataWrapping = true;
  const authenticator = await findEnabled(context.db, name);
  const places = await placesSeenFrom(context);
  const missing = authenticator === undefined ? [] : missingSettings(authenticator.settings);
  if (authenticator === undefined || missing.length > 0) {
    if (missing.length > 0) context.log.warn(LOG.notFilledIn.en, { authenticator: name, missing });
    const code = authenticator === undefined ? 'not_found' : 'misconfigured';
    context.redirect(signInPage(places, redirect, { [ERROR_PARAMETER]: code }));
    return;
  }
  const { gatewayUrl, nocobaseUrl } = authenticator.settings;
  const path = returnPathOf(redirect, authenticator.settings, appInPath(places));
  const isInApp = flow === 'in-app';
  const query = new URLSearchParams({
    ...(path === undefined ? {} : { redirect: path }),
    ...(isInApp && typeof corpId === 'string' && /^[\w-]{1,255}$/.test(corpId) ? { corpId } : {}),
    challenge: bindBrowser(context, nocobaseUrl),
  });
  context.redirect(`${gatewayUrl}/auth/dingtalk/${authenticator.name}${isInApp ? '/in-app' : ''}?${query.toString()}`);
}
