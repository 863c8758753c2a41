import { failed, ok, type Probe } from '../probe.js';
import type { Settings } from '../../settings.js';
import { joined, type Text, text } from '../../core/texts/index.js';
import { weaknessOf } from './weakness.js';

interface Secret {
  readonly name: string;
  /** Whose it is, where there are several authenticators. */
  readonly of: string;
  readonly value: string;
  /** Made by the operator, not handed out by DingTalk or NocoBase. */
  readonly own: boolean;
}

interface Problem {
  readonly names: readonly string[];
  readonly what: Text;
}

/** Whoever handed a secret out makes the new one. */
const REMEDIES: readonly (readonly [name: string, remedy: Text])[] = [
  [
    'AUTH_COOKIE_SECRET',
    text(
      'AUTH_COOKIE_SECRET: set what `openssl rand -base64 48` prints, and use it for nothing else.',
      'AUTH_COOKIE_SECRET：设为 `openssl rand -base64 48` 的输出，不要用于其他用途。',
    ),
  ],
  [
    'DINGTALK_CLIENT_SECRET',
    text(
      'DINGTALK_CLIENT_SECRET: copy it from open-dev.dingtalk.com, your application, Credentials; if it really is this one, reset it there.',
      'DINGTALK_CLIENT_SECRET：从 open-dev.dingtalk.com → 您的应用 → 凭证与基础信息复制；如果确实就是它，请在那里重置。',
    ),
  ],
  [
    'NOCOBASE_API_TOKEN',
    text(
      'NOCOBASE_API_TOKEN: set the key that `nocobase-dingtalk-gateway provision` prints.',
      'NOCOBASE_API_TOKEN：设为 `nocobase-dingtalk-gateway provision` 打印的密钥。',
    ),
  ],
  [
    'NOCOBASE_JWT_SECRET',
    text(
      "NOCOBASE_JWT_SECRET: copy NocoBase's; if it really is this one, change it in NocoBase (its file jwt_secret.dat, or APP_KEY where there is none): everybody signs in again, and all API keys end.",
      'NOCOBASE_JWT_SECRET：从 NocoBase 复制；如果确实就是它，请在 NocoBase 中更换（文件 jwt_secret.dat；没有该文件时为 APP_KEY）：所有人需重新登录，全部 API 密钥失效。',
    ),
  ],
];

export const secretsProbe: Probe<Settings> = {
  id: 'secrets',
  title: text('Strength of the secrets', '密钥强度'),
  run: async (settings) => {
    const secrets = secretsOf(settings);
    const weak = secrets.flatMap(({ name, of, value, own }): Problem[] => {
      const weakness = weaknessOf(value, own ? 32 : 8);
      if (weakness === undefined) return [];
      return [{ names: [name], what: text(`${of}${name} ${weakness.en}`, `${of}${name} ${weakness.zh}`) }];
    });
    const same = shared(secrets);
    const all = [...weak.map(({ what }) => what), ...same.map(({ what }) => what)];
    if (all.length > 0) {
      const names = new Set([...weak, ...same].flatMap(({ names: concerned }) => concerned));
      return failed(
        joined(all, '; '),
        joined(
          REMEDIES.flatMap(([name, remedy]) => (names.has(name) ? [remedy] : [])),
          ' ',
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
      ...(nocobase.handOff === 'ticket'
        ? []
        : [
            { name: 'NOCOBASE_API_TOKEN', of, value: nocobase.apiToken, own: false },
            { name: 'NOCOBASE_JWT_SECRET', of, value: Buffer.from(nocobase.jwtSecret).toString('latin1'), own: false },
          ]),
    ];
  });
  return [...own, ...given];
}

/** Several authenticators may share NocoBase's secrets; nothing else may be two things at once. */
function shared(secrets: readonly Secret[]): Problem[] {
  const names = new Map<string, Set<string>>();
  for (const { name, value } of secrets) names.set(value, (names.get(value) ?? new Set()).add(name));
  return [...names.values()]
    .filter((same) => same.size > 1)
    .map((same) => ({
      names: [...same],
      what: text(`${[...same].join(' and ')} are the same`, `${[...same].join(' 与 ')} 相同`),
    }));
}
