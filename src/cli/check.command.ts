import type { NocoBaseSource } from '../authenticators/index.js';
import { InvalidEnvironmentError } from '../config/index.js';
import { redirectUri } from '../dingtalk/index.js';
import { readSettings, type Settings } from '../settings.js';
import { Signer } from '../plugin-client/index.js';
import { offeredPlugin, PluginPackage } from '../plugin-download/index.js';
import { asJsonText, padded } from '../printing/index.js';
import { type Lang, type Text, verbatim } from '../core/texts/index.js';
import { whereRead } from './env-file.js';
import type { Io } from './io.js';
import { valueOf } from './root-credentials.js';
import { TEXTS } from './texts.js';

/** Variables whose values are never shown. */
const SECRETS = [
  'AUTH_COOKIE_SECRET',
  'DINGTALK_CLIENT_SECRET',
  'DINGTALK_EVENT_AES_KEY',
  'DINGTALK_EVENT_TOKEN',
  'NOCOBASE_API_TOKEN',
  'NOCOBASE_JWT_SECRET',
  'REDIS_URL',
  'REDIS_SENTINEL_PASSWORD',
];

const SHARED_STORES = {
  single: verbatim('Redis'),
  sentinel: TEXTS.bySentinel,
  cluster: verbatim('Redis Cluster'),
};

/**
 * Validates the configuration and summarizes it, without any call. `--json` returns `{ok, problems}` or `{ok,
 * …summary}`.
 */
export async function check({ json = false }: { json?: boolean }, io: Io): Promise<number> {
  try {
    const settings = readSettings(io.environment, io.envFile);
    const summary = summarize(settings, io, await pluginToAdd(settings));
    io.out(json ? asJsonText({ ok: true, ...forPrograms(summary) }) : asText(summary, io.lang));
    return 0;
  } catch (error) {
    if (!(error instanceof InvalidEnvironmentError)) throw error;
    const { problems, texts } = error;
    io.out(json ? asJsonText({ ok: false, problems }) : texts.map((line) => `${line[io.lang]}\n`).join(''));
    io.err(whereRead(error, io.envFile, io.lang));
    return 1;
  }
}

/** If the plugin is useful: null means that it was not packed. */
async function pluginToAdd({ app, source, authenticators, pluginDownload }: Settings) {
  const isOfUse = source.kind === 'nocobase' || authenticators.some(({ nocobase }) => nocobase.handOff === 'ticket');
  if (!isOfUse || !pluginDownload.enabled) return undefined;
  return (await offeredPlugin(new PluginPackage(), app.publicUrl)) ?? null;
}

type PluginToAdd = Awaited<ReturnType<typeof pluginToAdd>>;

function summarize(
  { app, auth, redis, source, authenticators, notices }: Settings,
  { environment }: Io,
  plugin: PluginToAdd,
) {
  const { publicUrl, host, port } = app;
  return {
    publicUrl,
    signInPage: `${publicUrl}/`,
    // NocoBase's administrator compares them with the pinned keys.
    signingKeys: auth.keptSecret?.isMade === false ? [] : new Signer(auth.cookieSecrets).thumbprints(),
    ...(auth.keptSecret === undefined ? {} : { keptSecret: auth.keptSecret }),
    listen: `${host}:${port}`,
    sharedStore: redis === undefined ? TEXTS.oneProcess : SHARED_STORES[redis.mode],
    secretsSet: SECRETS.flatMap((name) =>
      [name, `${name}_FILE`].filter((candidate) => valueOf(environment, candidate) !== undefined),
    ),
    notices,
    ...(plugin === undefined ? {} : { plugin }),
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

/** What is known about authenticators in NocoBase, without calling it. */
function inNocoBase({ target }: NocoBaseSource, gatewayAddressToEnter: string) {
  return { nocobaseUrl: target.url, nocobasePublicUrl: target.publicUrl, app: target.app, gatewayAddressToEnter };
}

function forPrograms(summary: Summary): object {
  return { ...summary, sharedStore: summary.sharedStore.en, notices: summary.notices.map(({ en }) => en) };
}

type Summary = ReturnType<typeof summarize>;
type Row = readonly [label: Text, value: string];

/** An ignored setting that an operator may rely on is worth a line. */
function ignoredLine(ignored: readonly string[]): readonly Row[] {
  return ignored.length === 0 ? [] : [[TEXTS.ignored, ignored.join(', ')]];
}

function pluginLines(plugin: PluginToAdd, lang: Lang): readonly Row[] {
  if (plugin === undefined) return [];
  if (plugin === null) return [[TEXTS.plugin, TEXTS.pluginNotPacked[lang]]];
  return [
    [TEXTS.plugin, TEXTS.pluginAt(plugin.version, plugin.url)[lang]],
    [TEXTS.pluginChecksum, plugin.sha256],
    [TEXTS.pluginWarning, TEXTS.pluginIsCode[lang]],
  ];
}

function asText(summary: Summary, lang: Lang): string {
  const rows = (pairs: readonly Row[], indent: string): string =>
    pairs.map(([label, value]) => `${indent}${padded(label[lang], 26)} ${value}\n`).join('');
  const general = rows(
    [
      [TEXTS.publicAddress, summary.publicUrl],
      [TEXTS.signInPage, summary.signInPage],
      [TEXTS.signingKeys, summary.signingKeys.join(', ') || TEXTS.notMadeYet[lang]],
      ...(summary.keptSecret === undefined ? [] : ([[TEXTS.keptSecret, summary.keptSecret.path]] as const)),
      [TEXTS.listensOn, summary.listen],
      [TEXTS.usedStates, summary.sharedStore[lang]],
      [TEXTS.secretsSet, summary.secretsSet.join(', ') || TEXTS.none[lang]],
      ...pluginLines(summary.plugin, lang),
      ...ignoredLine(summary.ignored),
    ],
    '',
  );
  const from =
    summary.authenticatorsFrom === undefined
      ? ''
      : `\n${TEXTS.inNocoBase[lang]}\n${rows(
          [
            [TEXTS.forGateway, summary.authenticatorsFrom.nocobaseUrl],
            [TEXTS.forBrowsers, summary.authenticatorsFrom.nocobasePublicUrl],
            [TEXTS.application, summary.authenticatorsFrom.app],
            [TEXTS.addressToEnter, summary.authenticatorsFrom.gatewayAddressToEnter],
          ],
          '  ',
        )}`;
  const each = summary.authenticators.map(
    (one) =>
      `\n${TEXTS.authenticator(one.name)[lang]}\n${rows(
        [
          [TEXTS.redirectUrl, one.redirectUriToRegister],
          [TEXTS.identity, one.identity],
          [TEXTS.organizations, one.organizations.join(', ') || TEXTS.anyOrganization[lang]],
          ...(one.matchBy === null
            ? []
            : ([
                [TEXTS.autoSignUp, (one.autoSignUp ? TEXTS.yes : TEXTS.no)[lang]],
                [TEXTS.matchedBy, one.matchBy === 'none' ? TEXTS.bindingsOnly[lang] : one.matchBy],
              ] as const)),
          [TEXTS.forGateway, one.nocobaseUrl],
          [TEXTS.forBrowsers, one.nocobasePublicUrl],
          [TEXTS.application, one.app],
          [TEXTS.handOff, one.handOff],
          [TEXTS.landingPage, one.landingPage],
          ...ignoredLine(one.ignored),
        ],
        '  ',
      )}`,
  );
  const notices = summary.notices.map((notice) => `! ${notice[lang]}\n`).join('');
  return `${TEXTS.complete[lang]}\n\n${notices}${notices && '\n'}${general}${from}${each.join('')}`;
}
