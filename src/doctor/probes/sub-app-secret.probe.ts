import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import {
  attention,
  ownSecretFinding,
  type Probe,
  sharedSecretFinding,
  SUB_APP_SECRET,
  SUB_APP_SECRET_PROBE,
} from '../../core/doctor/index.js';
import { NocoBaseCalls, nocoBaseCode } from '../nocobase-calls.js';
import type { PluginContext, StockContext } from '../doctor-context.js';
import { ASKED_OF_SUB_APP } from '../texts/nocobase.js';

/** The id of no user: only the signature is tested, and no account is opened. */
const NOBODY = 2_147_483_646;
const LIFETIME_SECONDS = 60;

/** Would NocoBase's main application accept a session of this sub-app as its own? Tested with a session of no user. */
export const subAppSecretProbe: Probe<StockContext> = {
  ...SUB_APP_SECRET_PROBE,
  needs: ['nocobase.jwt-secret'],
  applies: ({ authenticator }) => authenticator.nocobase.app !== 'main',
  run: async ({ authenticator: { nocobase, dingtalk } }) => {
    const now = Date.now();
    const token = await new SignJWT({ userId: NOBODY, temp: true, signInTime: now, jti: randomUUID() })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuedAt()
      .setExpirationTime(Math.floor(now / 1000) + LIFETIME_SECONDS)
      .sign(nocobase.jwtSecret);
    const { url, apiBasePath, timeoutMs } = nocobase;
    const answer = await new NocoBaseCalls({ url, apiBasePath, timeoutMs, app: 'main' }).get('auth:check', { token });
    const code = nocoBaseCode(answer);
    if (answer.status === 401 && code === 'INVALID_TOKEN') return ownSecretFinding();
    if (answer.status === 200 || answer.status === 401)
      return sharedSecretFinding(nocobase.app, dingtalk.autoSignUp, ASKED_OF_SUB_APP.partHere);
    return attention(ASKED_OF_SUB_APP.mainDoesNotAnswer(code), ASKED_OF_SUB_APP.partHere);
  },
};

/** The plugin checks this for us: the gateway has no secret of NocoBase's. */
export const pluginSubAppSecretProbe: Probe<PluginContext> = {
  ...SUB_APP_SECRET_PROBE,
  needs: ['nocobase.plugin', 'nocobase.address'],
  applies: ({ authenticator }) => authenticator.nocobase.app !== 'main',
  run: async (context) => {
    const { facts, authenticators } = await context.pluginSettings();
    const autoSignUp = authenticators.find(({ name }) => name === context.authenticator.name)?.autoSignUp ?? true;
    if (facts?.sharesSecret === false) return ownSecretFinding();
    if (facts === undefined) return attention(ASKED_OF_SUB_APP.olderPlugin, SUB_APP_SECRET.part);
    return sharedSecretFinding(context.authenticator.nocobase.app, autoSignUp);
  },
};
