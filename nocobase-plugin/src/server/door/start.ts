import type { Context } from '@nocobase/server';
import { appInPath, type PlaceSettings } from '../../../../src/core/nocobase-web/index.js';
import { ERROR_PARAMETER, IN_APP_HEADER } from '../../../../src/core/plugin-protocol/index.js';
import type { Flows } from '../alone/flows.js';
import type { KnownAuthenticator } from '../alone/known-authenticators.js';
import { flowOf } from '../alone/sign-in.js';
import { bindBrowser } from '../browser-binding.js';
import { placesSeenFrom } from '../own-domain.js';
import { showSignInPage } from '../pages/sign-in-page.js';
import { signInPage } from '../paths.js';
import { pageOf, returnPathOf } from '../return-paths.js';
import { missingSettings } from '../settings.js';
import { NotSetUpError } from '../sign-in.errors.js';
import { isByGateway } from '../sign-in-by.js';
import { keptQuery } from './kept-query.js';
import { leadTo } from './lead-to.js';

/**
 * `GET dingtalk:start?authenticator=NAME[&redirect=/admin/x][&flow=in-app[&corpId=…]]`: where every sign-in starts, at the saved
 * address of NocoBase (`saved-address.ts`). Ties it to this browser and redirects to DingTalk, or to the gateway.
 *
 * @param authenticator undefined if no authenticator has this name
 * @throws GatewayError if the sign-in cannot start
 */
export async function start(
  context: Context,
  flows: Flows,
  authenticator: KnownAuthenticator | undefined,
): Promise<void> {
  const places = await placesSeenFrom(context);
  if (authenticator === undefined) return refuse(context, places, 'not_found');
  const missing = missingSettings(authenticator.settings);
  if (missing.length > 0) throw new NotSetUpError(missing);
  if (isByGateway(authenticator.settings)) return startAtGateway(context, places, authenticator);
  await startHere(context, places, flows, authenticator);
}

/** NocoBase's sign-in page shows the reason. */
export function refuse(context: Context, places: PlaceSettings, code: string): void {
  const wanted = pageOf(context.query['redirect'], appInPath(places));
  leadTo(context, signInPage(places, wanted, { [ERROR_PARAMETER]: code }));
}

function startAtGateway(context: Context, places: PlaceSettings, { name, settings }: KnownAuthenticator): void {
  const path = returnPathOf(context.query['redirect'], settings, appInPath(places));
  const corpId = corpIdIn(context);
  const query = new URLSearchParams({
    ...(path === undefined ? {} : { redirect: path }),
    ...(isInApp(context) && corpId !== undefined ? { corpId } : {}),
    challenge: bindBrowser(context, settings.nocobaseUrl),
  });
  const flow = isInApp(context) ? '/in-app' : '';
  leadTo(context, `${settings.gatewayUrl}/auth/dingtalk/${name}${flow}?${query.toString()}`);
}

async function startHere(
  context: Context,
  places: PlaceSettings,
  flows: Flows,
  authenticator: KnownAuthenticator,
): Promise<void> {
  const { name, settings, clientId } = authenticator;
  const flow = flowOf(flows, authenticator);
  const path = returnPathOf(context.query['redirect'], settings, appInPath(places));
  // The organization that DingTalk's client added to the address of the application's home page, if it is allowed.
  const corpId = settings.corpIds.find((allowed) => allowed === corpIdIn(context)) ?? settings.corpIds[0];
  const organization = isInApp(context) ? corpId : undefined;
  const kind =
    organization === undefined ? ({ flow: 'browser' } as const) : ({ flow: 'in-app', organization } as const);
  const { transaction, setCookies } = await flow.open(path, context.get('cookie') || undefined, kind);
  for (const cookie of setCookies) context.append('Set-Cookie', cookie);
  if (organization === undefined) return leadTo(context, flow.authorizationUrl(transaction));
  await showSignInPage(
    context,
    'in-app',
    { authenticator: name, proofHeader: IN_APP_HEADER },
    { state: transaction.state, 'corp-id': organization, 'client-id': clientId, browser: inBrowser(context) },
  );
}

/** The same sign-in through DingTalk's pages, for clients that provide no code. */
function inBrowser(context: Context): string {
  const search = keptQuery(context, ['authenticator', 'redirect']).toString();
  // With a dot: otherwise a browser would read the part before the colon as a scheme (RFC 3986, section 4.2).
  return `./${context.path.slice(context.path.lastIndexOf('/') + 1)}?${search}`;
}

function isInApp({ query }: Context): boolean {
  return query['flow'] === 'in-app';
}

function corpIdIn({ query }: Context): string | undefined {
  const corpId = query['corpId'];
  return typeof corpId === 'string' && /^[\w-]{1,255}$/.test(corpId) ? corpId : undefined;
}
