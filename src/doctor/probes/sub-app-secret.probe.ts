import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { NocoBaseCalls, nocoBaseCode } from '../nocobase-calls.js';
import type { PluginPatient, StockPatient } from '../patient.js';
import { attention, type Finding, ok, type Probe } from '../probe.js';
import { type Text, text } from '../../core/texts/index.js';

const PROBE = {
  id: 'nocobase.sub-app-secret',
  title: text('Secret of the sub-app', '子应用的密钥'),
} as const;

/** Nobody's: the question is the signature, and no account is opened by it. */
const NOBODY = 2_147_483_646;
const LIFETIME_SECONDS = 60;

/** Would NocoBase's main application take a session of this sub-app for one of its own? It is asked with nobody's. */
export const subAppSecretProbe: Probe<StockPatient> = {
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
      return shared(nocobase.app, dingtalk.autoSignUp, HOW_TO_PART_HERE);
    return attention(
      text(
        `could not be checked: the main application does not answer (${code})`,
        `无法检查：主应用没有应答（${code}）`,
      ),
      HOW_TO_PART_HERE,
    );
  },
};

/** The plugin looks for us: the gateway holds no secret of NocoBase's. */
export const pluginSubAppSecretProbe: Probe<PluginPatient> = {
  ...PROBE,
  needs: ['nocobase.plugin', 'nocobase.address'],
  applies: ({ authenticator }) => authenticator.nocobase.app !== 'main',
  run: async (patient) => {
    const { facts, authenticators } = await patient.pluginSettings();
    const autoSignUp = authenticators.find(({ name }) => name === patient.authenticator.name)?.autoSignUp ?? true;
    if (facts?.sharesSecret === false) return own();
    if (facts === undefined)
      return attention(
        text('could not be checked: the plugin is older than this gateway', '无法检查：插件版本低于网关'),
        HOW_TO_PART,
      );
    return shared(patient.authenticator.nocobase.app, autoSignUp, HOW_TO_PART);
  },
};

const HOW_TO_PART = text(
  'Give the sub-app a secret of its own in NocoBase, in its options ("JWT Secret"; authManager.jwt.secret), and restart it.',
  '请在 NocoBase 的子应用选项中设置它自己的密钥（“JWT Secret”，即 authManager.jwt.secret），并重启子应用。',
);
const THEN_HERE = text(
  'Then set NOCOBASE_JWT_SECRET of this authenticator to it.',
  '然后将此认证器的 NOCOBASE_JWT_SECRET 设为该值。',
);
const HOW_TO_PART_HERE = text(`${HOW_TO_PART.en} ${THEN_HERE.en}`, `${HOW_TO_PART.zh}${THEN_HERE.zh}`);

function own(): Finding {
  return ok(
    text(
      'its own: a session of the sub-app opens nothing in the main application',
      '独立密钥：子应用的会话无法打开主应用',
    ),
  );
}

function shared(app: string, autoSignUp: boolean, fix: Text): Finding {
  const loudly = autoSignUp
    ? text(
        ' WITH AUTO SIGN-UP WHOEVER MAY SIGN UP HERE GETS THE SESSION OF SOMEBODY IN THE MAIN APPLICATION.',
        '已开启自动注册：任何能在此注册的人都会得到主应用中某个用户的会话。',
      )
    : text('', '');
  return attention(
    text(
      `${app} shares it with the main application: a session for user 2 of ${app} also opens user 2 of main.${loudly.en}`,
      `${app} 与主应用共用密钥：${app} 中用户 2 的会话也能打开主应用的用户 2。${loudly.zh}`,
    ),
    fix,
  );
}
