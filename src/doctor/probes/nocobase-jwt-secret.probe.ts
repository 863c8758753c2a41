import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Exchange } from '../http-exchange.js';
import { clockAhead, nocoBaseCode, saysPasswordChanged } from '../nocobase-calls.js';
import type { StockPatient } from '../patient.js';
import { failed, ok, type Probe } from '../probe.js';
import { text } from '../../core/texts/index.js';
import { keyOwner } from './nocobase-key.probe.js';

/** Long enough for one question. */
const LIFETIME_SECONDS = 60;

/** What NocoBase finds fault with once the signature was right: times, which are another probe's question. */
const AFTER_THE_SIGNATURE = new Set(['TOKEN_RENEW_FAILED', 'EXPIRED_TOKEN', 'EXPIRED_SESSION']);

/** Where NocoBase 2.2.15 keeps it (`getDefaultJWTSecret` in `@nocobase/auth`): in the folder of main, for every application. */
const WHERE = text(
  "NOCOBASE_JWT_SECRET is not this NocoBase's secret. It is NocoBase's APP_KEY; but if NocoBase has a file storage/apps/main/jwt_secret.dat, that counts, unless NocoBase runs with UNSAFE_USE_DEFAULT_JWT_SECRET=true: set NOCOBASE_JWT_SECRET_FILE to a copy of it, byte for byte.",
  'NOCOBASE_JWT_SECRET 不是此 NocoBase 的密钥。应为 NocoBase 的 APP_KEY；若 NocoBase 有文件 storage/apps/main/jwt_secret.dat，则以该文件为准（除非 NocoBase 设置了 UNSAFE_USE_DEFAULT_JWT_SECRET=true）：将 NOCOBASE_JWT_SECRET_FILE 设为其逐字节副本的路径。',
);
const OF_A_SUB_APP = text(
  "That file is main's, and good for a sub-app without a secret of its own; a secret of its own stands in the sub-app's options in NocoBase (authManager.jwt.secret), in no file.",
  '该文件属于主应用，没有自己密钥的子应用也使用它；子应用自己的密钥在 NocoBase 的子应用选项中（authManager.jwt.secret），不在任何文件里。',
);

/** Signs a token for the key's own user, as a sign-in would for a person, and asks NocoBase about it. Nothing is stored. */
export const jwtSecretProbe: Probe<StockPatient> = {
  id: 'nocobase.jwt-secret',
  title: text('Secret for NocoBase sessions', 'NocoBase 会话密钥'),
  needs: ['nocobase.key'],
  run: async (patient) => {
    const { app } = patient.authenticator.nocobase;
    const answer = await ask(patient);
    const code = nocoBaseCode(answer);
    if (answer.status === 200 || AFTER_THE_SIGNATURE.has(code) || saysPasswordChanged(answer)) {
      return ok(text('NocoBase accepts a token signed with it', 'NocoBase 接受用它签名的令牌'));
    }
    return failed(
      text(`NocoBase refuses a token signed with it (${code})`, `NocoBase 拒绝用它签名的令牌（${code}）`),
      app === 'main' ? WHERE : text(`${WHERE.en} ${OF_A_SUB_APP.en}`, `${WHERE.zh}${OF_A_SUB_APP.zh}`),
    );
  },
};

async function ask({ nocobase, authenticator }: StockPatient): Promise<Exchange> {
  const checked = await nocobase.keyCheck();
  // By NocoBase's clock: whether ours is right is another probe's question.
  const now = Date.now() + (clockAhead(await nocobase.anonymousCheck()) ?? 0);
  const iat = Math.floor(now / 1000);
  const token = await new SignJWT({ userId: keyOwner(checked)?.id, temp: true, signInTime: now, jti: randomUUID() })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt(iat)
    .setExpirationTime(iat + LIFETIME_SECONDS)
    .sign(authenticator.nocobase.jwtSecret);
  return nocobase.get('auth:check', { token });
}
