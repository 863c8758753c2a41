import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { NocoBaseCalls, nocoBaseCode } from '../nocobase-calls.js';
import type { PluginContext, StockContext } from '../doctor-context.js';
import { attention, type Finding, ok, type Probe } from '../probe.js';
import { sentences, type Text } from '../../core/texts/index.js';
import { SUB_APP_SECRET } from '../texts/nocobase.js';

const PROBE = {
  id: 'nocobase.sub-app-secret',
  title: SUB_APP_SECRET.title,
} as const;

/** Nobody's: the question is the signature, and no account is opened by it. */
const NOBODY = 2_147_483_646;
const LIFETIME_SECONDS = 60;

/** Would NocoBase's main application take a session of this sub-app for one of its own? It is asked with nobody's. */
export const subAppSecretProbe: Probe<StockContext> = {
  ...PROBE,
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
    if (answer.status === 401 && code === 'INVALID_TOKEN') return own();
    if (answer.status === 200 || answer.status === 401)
      return shared(nocobase.app, dingtalk.autoSignUp, SUB_APP_SECRET.partHere);
    return attention(SUB_APP_SECRET.mainDoesNotAnswer(code), SUB_APP_SECRET.partHere);
  },
};

/** The plugin looks for us: the gateway holds no secret of NocoBase's. */
export const pluginSubAppSecretProbe: Probe<PluginContext> = {
  ...PROBE,
  needs: ['nocobase.plugin', 'nocobase.address'],
  applies: ({ authenticator }) => authenticator.nocobase.app !== 'main',
  run: async (context) => {
    const { facts, authenticators } = await context.pluginSettings();
    const autoSignUp = authenticators.find(({ name }) => name === context.authenticator.name)?.autoSignUp ?? true;
    if (facts?.sharesSecret === false) return own();
    if (facts === undefined) return attention(SUB_APP_SECRET.olderPlugin, SUB_APP_SECRET.part);
    return shared(context.authenticator.nocobase.app, autoSignUp, SUB_APP_SECRET.part);
  },
};

function own(): Finding {
  return ok(SUB_APP_SECRET.own);
}

function shared(app: string, autoSignUp: boolean, fix: Text): Finding {
  const said = SUB_APP_SECRET.shared(app);
  return attention(autoSignUp ? sentences(said, SUB_APP_SECRET.withAutoSignUp) : said, fix);
}
