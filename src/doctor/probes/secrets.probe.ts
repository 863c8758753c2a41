import { failed, ok, placeholder, type Probe, weaknessOf } from '../../core/doctor/index.js';
import type { Settings } from '../../settings.js';
import { joined, reworded, type Text, verbatim } from '../../core/texts/index.js';
import { SECRETS } from '../texts/gateway.js';

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

export const secretsProbe: Probe<Settings> = {
  id: 'secrets',
  title: SECRETS.title,
  run: async (settings) => {
    const secrets = secretsOf(settings);
    const weak = secrets.flatMap(({ name, of, value, own }): Problem[] => {
      const weakness = weaknessOf(value, own ? 32 : 8);
      if (weakness === undefined) return [];
      return [{ names: [name], what: reworded(weakness, (is) => `${of}${name} ${is}`) }];
    });
    const same = shared(secrets);
    const all = [...weak.map(({ what }) => what), ...same.map(({ what }) => what)];
    if (all.length > 0) {
      const names = new Set([...weak, ...same].flatMap(({ names: concerned }) => concerned));
      return failed(
        joined(all, '; '),
        joined(
          Object.entries(SECRETS.remedies).flatMap(([name, remedy]) => (names.has(name) ? [remedy] : [])),
          ' ',
        ),
      );
    }
    const names = [...new Set(secrets.map(({ name }) => name))].join(', ');
    return ok(SECRETS.good(names));
  },
};

function secretsOf({ auth, authenticators }: Settings): Secret[] {
  const own = auth.cookieSecrets.map((value) => ({ name: 'AUTH_COOKIE_SECRET', of: '', value, own: true }));
  const given = authenticators.flatMap(({ name, dingtalk, nocobase }) => {
    const of = authenticators.length > 1 ? `${name}: ` : '';
    return [
      { name: placeholder('dingtalk.clientSecret'), of, value: dingtalk.clientSecret, own: false },
      ...(nocobase.handOff === 'ticket'
        ? []
        : [
            { name: placeholder('nocobase.apiToken'), of, value: nocobase.apiToken, own: false },
            {
              name: placeholder('nocobase.jwtSecret'),
              of,
              value: Buffer.from(nocobase.jwtSecret).toString('latin1'),
              own: false,
            },
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
      what: SECRETS.same(joined([...same].map(verbatim), SECRETS.and)),
    }));
}
