import type { NocoBaseSource } from '../authenticators/index.js';
import { InvalidEnvironmentError } from '../config/index.js';
import { redirectUri } from '../dingtalk/index.js';
import { readSettings, type Settings } from '../settings.js';
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
];

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

function summarize({ app, auth, source, authenticators, notices }: Settings, { environment }: Io) {
  const { publicUrl, host, port } = app;
  return {
    publicUrl,
    signInPage: `${publicUrl}/`,
    listen: `${host}:${port}`,
    sharedStore: auth.redisUrl === undefined ? 'memory of one process' : 'Redis',
    secretsSet: SECRETS.flatMap((name) =>
      [name, `${name}_FILE`].filter((candidate) => valueOf(environment, candidate) !== undefined),
    ),
    notices: notices.map(({ en }) => en),
    ...(source.kind === 'nocobase' ? { authenticatorsFrom: inNocoBase(source, publicUrl) } : {}),
    authenticators: authenticators.map(({ name, dingtalk, nocobase, accounts }) => ({
      name,
      redirectUriToRegister: redirectUri({ publicUrl, authenticator: name }),
      identity: dingtalk.identity,
      organizations: [...dingtalk.corpIds],
      autoSignUp: dingtalk.autoSignUp,
      nocobaseUrl: nocobase.url,
      nocobasePublicUrl: nocobase.publicUrl,
      app: nocobase.app,
      handOff: nocobase.handOff,
      landingPage: accounts.defaultPath,
    })),
  };
}

/** What is known of authenticators that NocoBase has, without asking it. */
function inNocoBase({ target }: NocoBaseSource, gatewayAddressToEnter: string) {
  return { nocobaseUrl: target.url, nocobasePublicUrl: target.publicUrl, app: target.app, gatewayAddressToEnter };
}

function asText(summary: ReturnType<typeof summarize>): string {
  const rows = (pairs: readonly (readonly [string, string])[], indent: string): string =>
    pairs.map(([name, value]) => `${indent}${name.padEnd(26)} ${value}\n`).join('');
  const general = rows(
    [
      ['Public address', summary.publicUrl],
      ['Sign-in page', summary.signInPage],
      ['Listens on', summary.listen],
      ['Used states are kept in', summary.sharedStore],
      ['Secrets set', summary.secretsSet.join(', ')],
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
          ['Auto sign-up', one.autoSignUp ? 'yes' : 'no'],
          ['NocoBase for the gateway', one.nocobaseUrl],
          ['NocoBase for browsers', one.nocobasePublicUrl],
          ['Application', one.app],
          ['Hand-off', one.handOff],
          ['Landing page', one.landingPage],
        ],
        '  ',
      )}`,
  );
  const notices = summary.notices.map((notice) => `! ${notice}\n`).join('');
  return `The configuration is complete.\n\n${notices}${notices && '\n'}${general}${from}${each.join('')}`;
}
