import type { Application } from '@nocobase/server';
import {
  ANY,
  asFindings,
  clockProbe,
  DINGTALK_PROBES,
  type DingTalkContext,
  DingTalkCalls,
  inWordsOfTheForm,
  type Result,
  runProbes,
  skipped,
} from '../../../../src/core/doctor/index.js';
import { eventsUrl, type ExaminationReport } from '../../../../src/core/plugin-protocol/index.js';
import type { Lang } from '../../../../src/core/texts/text.js';
import type { DingTalkAuthenticator } from '../authenticators.js';
import { placesOf } from '../paths.js';
import type { SecretVault } from '../secret-vault.js';
import { type Configuration, readConfiguration } from './configuration.js';
import { OWN_PROBES, OwnContext } from './own-probes.js';
import type { SeenRequest } from './seen-request.js';

/** For all probes together: a proxy in front of NocoBase gives up on a response after a minute. */
const WITHIN_MS = 50_000;

const PROBES = [clockProbe, ...DINGTALK_PROBES];
const PROXY_VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'];

/** The doctor's findings on an authenticator for which this NocoBase signs people in by itself. Changes nothing anywhere. */
export async function examineHere(
  { app, vault }: { readonly app: Application; readonly vault: SecretVault },
  authenticator: DingTalkAuthenticator,
  request: SeenRequest,
  lang: Lang,
): Promise<ExaminationReport> {
  const configuration = await readConfiguration(app, vault, authenticator);
  const [ofDingTalk, own] = await Promise.all([
    askDingTalk(configuration, watchOf(app, authenticator)),
    runProbes(OWN_PROBES, new OwnContext(app, authenticator, request), WITHIN_MS),
  ]);
  const results = [...configuration.results, ...ofDingTalk, ...own];
  const section = {
    authenticator: authenticator.name,
    results: results.map((result) => inWordsOfTheForm(result, 'nocobase')),
  };
  return asFindings([section], lang);
}

/** If the mode is `off`, the probes of the leaver watch do not apply. */
function watchOf(app: Application, { name, settings }: DingTalkAuthenticator): NonNullable<DingTalkContext['watch']> {
  return {
    mode: settings.leavers,
    events: settings.events,
    eventsUrl: eventsUrl(settings.nocobaseUrl, placesOf(app.name), name),
  };
}

async function askDingTalk(
  { application, results }: Configuration,
  watch: NonNullable<DingTalkContext['watch']>,
): Promise<Result[]> {
  if (application === undefined) {
    const inTheWay = results.find(({ status }) => status === 'failed') ?? results[0];
    return PROBES.map(({ id, title }) => ({ id, title, ...skipped(ANY.notTested(inTheWay?.title ?? title)) }));
  }
  const context = {
    application,
    watch,
    dingtalk: new DingTalkCalls(application),
    environmentProxy: PROXY_VARIABLES.some((name) => Boolean(process.env[name])),
  };
  return runProbes(PROBES, context, WITHIN_MS);
}
