import type { Application } from '@nocobase/server';
import { isInsideAddress } from '../../../../src/core/limits/index.js';
import {
  attention,
  failed,
  FORWARDED,
  NEW_USER_ROLES_PROBE,
  newUserRolesFinding,
  ok,
  once,
  ownSecretFinding,
  PLAIN_HTTP,
  type Probe,
  SELF_SERVICE,
  SELF_SERVICE_PROBE,
  selfServiceFinding,
  SIGN_IN_ORIGIN,
  sharedSecretFinding,
  skipped,
  STORED_PHONES,
  STORED_PHONES_PROBE,
  storedPhonesFinding,
  SUB_APP_SECRET_PROBE,
} from '../../../../src/core/doctor/index.js';
import { isOverPlainHttp } from '../addresses.js';
import { isTrustedProxy } from '../alone/client-address.js';
import type { DingTalkAuthenticator } from '../authenticators.js';
import { nocoBaseFacts, storedPhones } from '../nocobase-facts.js';
import { basePath } from '../paths.js';
import { checksOrigins } from '../supported.js';
import type { SeenRequest } from './seen-request.js';
import { ADDRESS, PLAIN, PROXIES } from './texts.js';

/** What the probes of this NocoBase work on: one authenticator, and the request for the report. */
export class OwnContext {
  readonly facts = once(async () => nocoBaseFacts(this.app));

  constructor(
    readonly app: Application,
    readonly authenticator: DingTalkAuthenticator,
    readonly request: SeenRequest,
  ) {}

  get settings(): DingTalkAuthenticator['settings'] {
    return this.authenticator.settings;
  }
}

/** At whichever address people opened NocoBase, their sign-in takes place at the saved one, and they stay there. */
const addressProbe: Probe<OwnContext> = {
  id: 'nocobase.address',
  title: ADDRESS.title,
  applies: ({ settings }) => settings.nocobaseUrl !== '',
  run: async ({ settings: { nocobaseUrl }, request: { origin } }) => {
    if (origin === undefined) return skipped(ADDRESS.notSaid(nocobaseUrl));
    const opened = `${origin}${basePath()}`;
    const isSame = new URL(opened).href === new URL(nocobaseUrl).href;
    return isSame
      ? ok(ADDRESS.same(nocobaseUrl))
      : attention(ADDRESS.differs(opened, nocobaseUrl), ADDRESS.openOrCorrect);
  },
};

/** Since 2.2 NocoBase refuses every sign-in if the proxy in front of it does not say how browsers reach it. */
const signInOriginProbe: Probe<OwnContext> = {
  id: 'nocobase.sign-in-origin',
  title: SIGN_IN_ORIGIN.title,
  applies: ({ app }) => checksOrigins(app.getPackageVersion()),
  run: async ({ settings: { nocobaseUrl }, request: { origin, isOriginTrusted } }) => {
    if (origin === undefined) return skipped(ADDRESS.notSaid(nocobaseUrl));
    return isOriginTrusted
      ? ok(SIGN_IN_ORIGIN.taken(origin))
      : failed(SIGN_IN_ORIGIN.refused(origin), SIGN_IN_ORIGIN.sendHeaders);
  },
};

/** The administrator has allowed it; the report names the risk every time. */
const plainHttpProbe: Probe<OwnContext> = {
  id: 'plain-http',
  title: PLAIN_HTTP.title,
  applies: ({ settings }) => isOverPlainHttp(settings.nocobaseUrl),
  run: async ({ settings }) => attention(PLAIN_HTTP.isHttp(settings.nocobaseUrl), PLAIN.better),
};

/** Whether limits tell people behind a proxy apart, as far as one request shows. */
const proxiesProbe: Probe<OwnContext> = {
  id: 'nocobase.proxies',
  title: PROXIES.title,
  run: async ({ settings: { trustedProxies }, request: { peer, isForwarded } }) => {
    const isTrusted = peer !== undefined && isTrustedProxy(peer, trustedProxies);
    if (peer === undefined || (!isForwarded && !isTrusted)) return ok(PROXIES.none);
    if (isForwarded && isTrusted) return ok(PROXIES.trusted(peer));
    if (isTrusted) return attention(FORWARDED.noForwardedFor(peer), FORWARDED.sendForwardedFor);
    const enter = isInsideAddress(peer) ? PROXIES.enter : PROXIES.enterIfYours;
    return attention(PROXIES.untrusted(peer), enter(peer));
  },
};

const selfServiceProbe: Probe<OwnContext> = {
  ...SELF_SERVICE_PROBE,
  run: async ({ settings: { match }, facts }) =>
    match === 'none' ? ok(SELF_SERVICE.matchedByNone) : selfServiceFinding(match, (await facts()).selfServiceFields),
};

const storedPhonesProbe: Probe<OwnContext> = {
  ...STORED_PHONES_PROBE,
  run: async ({ app, settings }) =>
    settings.match === 'none'
      ? ok(STORED_PHONES.matchedByNone)
      : storedPhonesFinding(await storedPhones(app.db, settings)),
};

const newUserRolesProbe: Probe<OwnContext> = {
  ...NEW_USER_ROLES_PROBE,
  applies: ({ settings }) => settings.autoSignUp,
  run: async ({ app, settings }) => {
    const rows = await app.db.getRepository('roles').find({ filter: {}, fields: ['name', 'default'] });
    const roles = rows.map((row) => ({ name: String(row.get('name')), default: row.get('default') === true }));
    return newUserRolesFinding(settings.defaultRoles, roles);
  },
};

const subAppSecretProbe: Probe<OwnContext> = {
  ...SUB_APP_SECRET_PROBE,
  applies: ({ app }) => app.name !== 'main',
  run: async ({ app, settings, facts }) =>
    (await facts()).sharesSecret ? sharedSecretFinding(app.name, settings.autoSignUp) : ownSecretFinding(),
};

/** What this NocoBase knows without sending a request, after the probes at DingTalk. */
export const OWN_PROBES: readonly Probe<OwnContext>[] = [
  addressProbe,
  signInOriginProbe,
  plainHttpProbe,
  proxiesProbe,
  selfServiceProbe,
  storedPhonesProbe,
  newUserRolesProbe,
  subAppSecretProbe,
];
