import { failed, ok, type Probe } from '../probe.js';
import type { Settings } from '../../../settings.js';
import { joined, type Text, text } from '../text.js';
import { weaknessOf } from './weakness.js';

interface Secret {
  readonly name: string;
  /** Whose it is, where there are several authenticators. */
  readonly of: string;
  readonly value: string;
  /** Made by the operator, not handed out by DingTalk or NocoBase. */
  readonly own: boolean;
}

export const secretsProbe: Probe<Settings> = {
  id: 'secrets',
  title: text('Strength of the secrets', '密钥强度'),
  run: async (settings) => {
    const secrets = secretsOf(settings);
    const weak = secrets.flatMap(({ name, of, value, own }) => {
      const weakness = weaknessOf(value, own ? 32 : 8);
      return weakness === undefined ? [] : [text(`${of}${name} ${weakness.en}`, `${of}${name} ${weakness.zh}`)];
    });
    const all = [...weak, ...shared(secrets)];
    if (all.length > 0) {
      return failed(
        joined(all, '; '),
        text(
          'Make a new one with `openssl rand -base64 48`, use it for nothing else, and set it again. DingTalk: Credentials, reset the Client Secret. NocoBase: change APP_KEY (everybody signs in again).',
          '用 `openssl rand -base64 48` 生成新的值，不要用于其他用途，然后重新设置。钉钉：在“凭证与基础信息”重置 Client Secret。NocoBase：更换 APP_KEY（所有人需重新登录）。',
        ),
      );
    }
    const names = [...new Set(secrets.map(({ name }) => name))].join(', ');
    return ok(text(`long and random enough: ${names}`, `长度和随机性足够：${names}`));
  },
};

function secretsOf({ auth, authenticators }: Settings): Secret[] {
  const own = auth.cookieSecrets.map((value) => ({ name: 'AUTH_COOKIE_SECRET', of: '', value, own: true }));
  const given = authenticators.flatMap(({ name, dingtalk, nocobase }) => {
    const of = authenticators.length > 1 ? `${name}: ` : '';
    return [
      { name: 'DINGTALK_CLIENT_SECRET', of, value: dingtalk.clientSecret, own: false },
      { name: 'NOCOBASE_API_TOKEN', of, value: nocobase.apiToken, own: false },
      { name: 'NOCOBASE_JWT_SECRET', of, value: Buffer.from(nocobase.jwtSecret).toString('latin1'), own: false },
    ];
  });
  return [...own, ...given];
}

/** Several authenticators may share NocoBase's secrets; nothing else may be two things at once. */
function shared(secrets: readonly Secret[]): Text[] {
  const names = new Map<string, Set<string>>();
  for (const { name, value } of secrets) names.set(value, (names.get(value) ?? new Set()).add(name));
  return [...names.values()]
    .filter((same) => same.size > 1)
    .map((same) => text(`${[...same].join(' and ')} are the same`, `${[...same].join(' 与 ')} 相同`));
}
