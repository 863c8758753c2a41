import type { NocoBaseSource } from '../authenticators/index.js';
import { InvalidEnvironmentError } from '../config/index.js';
import { redirectUri } from '../dingtalk/index.js';
import { readSettings, type Settings } from '../settings.js';
import { Signer } from '../signing/index.js';
import { asJsonText } from '../printing/index.js';
import { whereRead } from './env-file.js';
import type { Io } from './io.js';
import { valueOf } from './root-credentials.js';

/** Variables whose values are never shown. */
const SECRETS = [
  'AUTH_COOKIE_SECRET',
  'DINGTALK_CLIENT_SECRET',
  'NOCOBASE_API_TOKEN',
  'NOCOBASE_JWT_SECRET',
  'REDIS_URL',
  'REDIS_SENTINEL_PASSWORD',
];

const SHARED_STORES = { single: 'Redis', sentinel: 'Redis, found by Sentinel', cluster: 'Redis Cluster' };

/** Reads the configuration and says what it means; asks nobody. `--json` gives `{ok, problems}` or `{ok, …summary}`. */
export async function check({ json = false }: { json?: boolean }, io: Io): Promise<number> {
  try {
    const summary = summarize(readSettings(io.environment, io.envFile), io);
    io.out(json ? asJsonText({ ok: true, ...summary }) : asText(summary));
    return 0;
  } catch (error) {
    if (!(error instanceof InvalidEnvironmentError)) throw error;
    const { problems } = error;
    io.out(json ? asJsonText({ ok: false, problems }) : problems.map((line) => `${line}\n`).join(''));
    io.err(whereRead(error, io.envFile));
    return 1;
  }
}

function summarize({ app, auth, redis, source, authenticators, notices }: Settings, { environment }: Io) {
  const { publicUrl, host, port } = app;
  return {
    publicUrl,
    signInPage: `${publicUrl}/`,
    // What NocoBase's administrator compares with the pinned keys.
    signingKeys: new Signer(auth.cookieSecrets).thumbprints(),
    listen: `${host}:${port}`,
    sharedStore: redis === undefined ? 'memory of one process' : SHARED_STORES[redis.mode],
    secretsSet: SECRETS.flatMap((name) =>
      [name, `${name}_FILE`].filter((candidate) => valueOf(environment, candidate) !== undefined),
    ),
    notices: notices.map(({ en }) => en),
    ...(source.kind === 'nocobase' ? { authenticatorsFrom: inNocoBase(source, publicUrl) } : {}),
    ignored: source.kind === 'nocobase' ? source.ignored : [],
    authenticators: authenticators.map(({ name, dingtalk, nocobase, accounts, ignored = [] }) => ({
      name,
      redirectUriToRegister: redirectUri({ publicUrl, authenticator: name }),
      identity: dingtalk.identity,
      organizations: [...dingtalk.corpIds],
      autoSignUp: dingtalk.autoSignUp,
      matchBy: nocobase.handOff === 'ticket' ? null : accounts.match,
      nocobaseUrl: nocobase.url,
      nocobasePublicUrl: nocobase.publicUrl,
      app: nocobase.app,
      handOff: nocobase.handOff,
      landingPage: accounts.defaultPath,
      ignored,
    })),
  };
}

/** What is known of authenticators that NocoBase has, without asking it. */
function inNocoBase({ target }: NocoBaseSource, gatewayAddressToEnter: string) {
  return { nocobaseUrl: target.url, nocobasePublicUrl: target.publicUrl, app: target.app, gatewayAddressToEnter };
}

/** A setting that somebody relies on in vain is worth a line. */
function ignoredLine(ignored: readonly string[]): readonly (readonly [string, string])[] {
  return ignored.length === 0 ? [] : [['Ignored: NocoBase decides', ignored.join(', ')]];
}

function asText(summary: ReturnType<typeof summarize>): string {
  const rows = (pairs: readonly (readonly [string, string])[], indent: string): string =>
    pairs.map(([name, value]) => `${indent}${name.padEnd(26)} ${value}\n`).join('');
  const general = rows(
    [
      ['Public address', summary.publicUrl],
      ['Sign-in page', summary.signInPage],
      ['Signing keys', summary.signingKeys.join(', ')],
      ['Listens on', summary.listen],
      ['Used states are kept in', summary.sharedStore],
      ['Secrets set', summary.secretsSet.join(', ')],
      ...ignoredLine(summary.ignored),
    ],
    '',
  );
  const from =
    summary.authenticatorsFrom === undefined
      ? ''
      : `\nAuthenticators are set up in NocoBase\n${rows(
          [
            ['NocoBase for the gateway', summary.authenticatorsFrom.nocobaseUrl],
            ['NocoBase for browsers', summary.authenticatorsFrom.nocobasePublicUrl],
            ['Application', summary.authenticatorsFrom.app],
            ['Gateway address to enter', summary.authenticatorsFrom.gatewayAddressToEnter],
          ],
          '  ',
        )}`;
  const each = summary.authenticators.map(
    (one) =>
      `\nAuthenticator ${one.name}\n${rows(
        [
          ['Redirect URL to register', one.redirectUriToRegister],
          ['Who a person is', one.identity],
          ['Organizations', one.organizations.join(', ') || 'any: whoever DingTalk lets through'],
          ...(one.matchBy === null
            ? []
            : ([
                ['Auto sign-up', one.autoSignUp ? 'yes' : 'no'],
                ['Matched by', one.matchBy === 'none' ? 'bindings only' : one.matchBy],
              ] as const)),
          ['NocoBase for the gateway', one.nocobaseUrl],
          ['NocoBase for browsers', one.nocobasePublicUrl],
          ['Application', one.app],
          ['Hand-off', one.handOff],
          ['Landing page', one.landingPage],
          ...ignoredLine(one.ignored),
        ],
        '  ',
      )}`,
  );
  const notices = summary.notices.map((notice) => `! ${notice}\n`).join('');
  return `The configuration is complete.\n\n${notices}${notices && '\n'}${general}${from}${each.join('')}`;
}
