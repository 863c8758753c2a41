import {
  ANY,
  attention,
  failed,
  type Finding,
  inWordsOfTheForm,
  inWordsOfVariables,
  ok,
  type Result,
  runProbes,
  skipped,
} from '../core/doctor/index.js';
import type { AuthenticatorsSource } from '../authenticators/index.js';
import { type Environment, InvalidEnvironmentError, type VariablesFile } from '../config/index.js';
import { redirectUri } from '../dingtalk/index.js';
import { PluginClient, Signer } from '../plugin-client/index.js';
import { readSettings, type Settings } from '../settings.js';
import { upstreamForCommands } from '../upstream/index.js';
import type { Examined } from './examined.js';
import type { PrintedSection } from './report.js';
import { inWordsOfTheFile } from './file-words.js';
import { inNocoBase } from './in-nocobase.js';
import { isStock, DoctorContext, PluginContext } from './doctor-context.js';
import { GATEWAY_PROBES, PLUGIN_PROBES, STOCK_PROBES } from './probes/index.js';
import type { ExaminedGateway, ServeForAMoment } from './probes/public-url.probe.js';
import { joined, type Text } from '../core/texts/index.js';
import { CONFIGURATION } from './texts/gateway.js';

const PROBE = { id: 'configuration', title: CONFIGURATION.title };

/**
 * Runs all checks that are possible from here. It changes nothing anywhere.
 *
 * @param serveForAMoment for a gateway that is not running, whose public address would lead nowhere
 * @param file the part of the environment that a `.env` has added
 */
export async function examine(
  environment: Environment,
  serveForAMoment: ServeForAMoment,
  file?: VariablesFile,
): Promise<PrintedSection[]> {
  let settings: Settings;
  try {
    settings = readSettings(environment, file);
  } catch (error) {
    if (error instanceof InvalidEnvironmentError) return [unconfigured(error.texts)];
    throw error;
  }
  const signer = new Signer(settings.auth.cookieSecrets);
  const plugin = new PluginClient(upstreamForCommands(), signer, settings.app.publicUrl);
  const examined =
    settings.source.kind === 'nocobase'
      ? await inNocoBase(settings.source, plugin, settings.app.publicUrl)
      : { authenticators: settings.authenticators, results: [] };
  return examineAll({ ...settings, serveForAMoment }, examined, plugin);
}

export async function examineAll(
  settings: ExaminedGateway,
  { authenticators, results }: Examined,
  plugin: PluginClient,
): Promise<PrintedSection[]> {
  const { publicUrl } = settings.app;
  const known = { ...settings, authenticators };
  const configuration: Result = {
    ...PROBE,
    ...completeness(publicUrl, settings.notices),
  };
  const gateway = async (): Promise<PrintedSection> => ({
    authenticator: undefined,
    redirectUri: undefined,
    results: [configuration, ...(await runProbes(GATEWAY_PROBES, known)), ...results],
  });
  const each = authenticators.map(async (authenticator): Promise<PrintedSection> => ({
    authenticator: authenticator.name,
    redirectUri: redirectUri({ publicUrl, authenticator: authenticator.name }),
    results: isStock(authenticator)
      ? await runProbes(STOCK_PROBES, new DoctorContext(known, authenticator))
      : await runProbes(PLUGIN_PROBES, new PluginContext(known, authenticator, plugin)),
  }));
  const sections = await Promise.all([gateway(), ...each]);
  return sections.map((section) => retold(section, wordsFor(settings.source, section)));
}

function wordsFor(source: AuthenticatorsSource, { authenticator }: PrintedSection): (result: Result) => Result {
  if (source.kind === 'nocobase') return (result) => inWordsOfTheForm(result);
  // The gateway as a whole is configured by variables: its secret, its addresses, and those that are ignored.
  return source.file === undefined || authenticator === undefined ? inWordsOfVariables : inWordsOfTheFile;
}

function retold(section: PrintedSection, retell: (result: Result) => Result): PrintedSection {
  return { ...section, results: section.results.map(retell) };
}

function completeness(publicUrl: string, notices: readonly Text[]): Finding {
  const complete = CONFIGURATION.complete(publicUrl);
  if (notices.length === 0) return ok(complete);
  return attention(joined([complete, ...notices], '\n'), CONFIGURATION.correctOrRemove);
}

function unconfigured(problems: readonly Text[]): PrintedSection {
  const configuration: Result = {
    ...PROBE,
    ...failed(joined(problems, '\n'), CONFIGURATION.correct),
  };
  const reason = skipped(ANY.notTested(CONFIGURATION.title));
  const others = [...GATEWAY_PROBES, ...STOCK_PROBES].map(({ id, title }): Result => ({ id, title, ...reason }));
  const results = [configuration, ...others].map(inWordsOfVariables);
  return { authenticator: undefined, redirectUri: undefined, results };
}
