import type { Application } from '@nocobase/server';
import type { DingTalkOptions } from '../../../../src/core/dingtalk/index.js';
import {
  ANY,
  COPY_CLIENT_SECRET,
  failed,
  type Finding,
  ok,
  placeholder,
  type Result,
  skipped,
  weaknessOf,
} from '../../../../src/core/doctor/index.js';
import { joined, reworded, type Text, text, verbatim } from '../../../../src/core/texts/text.js';
import { applicationOf } from '../alone/application.js';
import { readDingTalkEnvironment } from '../alone/dingtalk-environment.js';
import type { DingTalkAuthenticator } from '../authenticators.js';
import { clientIdOf } from '../client-id.js';
import type { SecretVault } from '../secret-vault.js';
import { missingSettings } from '../settings.js';
import { CLIENT_SECRET, SETTINGS } from './texts.js';

/** DingTalk's secrets are much longer: a shorter one was not copied completely. */
const SHORTEST_SECRET = 8;

const FIELDS: Readonly<Record<string, Text>> = {
  clientId: verbatim(placeholder('dingtalk.clientId')),
  hasClientSecret: verbatim(placeholder('dingtalk.clientSecret')),
  nocobaseUrl: SETTINGS.addressOfNocoBase,
};

/** The findings on the settings and, if they are complete, the application at DingTalk. */
export interface Configuration {
  readonly results: readonly Result[];
  readonly application: DingTalkOptions | undefined;
}

/** Whether DingTalk can be queried at all with these settings, this node's environment and this node's key. */
export async function readConfiguration(
  app: Application,
  vault: SecretVault,
  authenticator: DingTalkAuthenticator,
): Promise<Configuration> {
  const { id, settings } = authenticator;
  const clientId = await clientIdOf(settings.clientId, app.db);
  const clientSecret = settings.hasClientSecret ? await vault.read({ ...settings, id }) : '';
  const environment = readDingTalkEnvironment(process.env);
  const known = { ...authenticator, clientId: 'value' in clientId ? clientId.value : '', clientSecret };
  const application = 'values' in environment ? applicationOf(app, known, environment.values) : undefined;
  const found = notFilledIn(authenticator) ?? notTakenFrom(clientId) ?? settingsFinding(environment, application);
  const secret = settings.hasClientSecret
    ? secretFinding(clientSecret, app.name)
    : skipped(ANY.notTested(SETTINGS.title));
  return {
    results: [
      { id: 'nocobase.settings', title: SETTINGS.title, ...found },
      { id: 'nocobase.client-secret', title: CLIENT_SECRET.title, ...secret },
    ],
    application: found.status === 'ok' && clientSecret !== '' ? application : undefined,
  };
}

function settingsFinding(
  environment: ReturnType<typeof readDingTalkEnvironment>,
  application: DingTalkOptions | undefined,
): Finding {
  if ('values' in environment) return ok(SETTINGS.complete(application?.callbackUrl ?? ''));
  const problems = environment.problems.map(({ said }) => said);
  return failed(joined(problems, '\n'), SETTINGS.correctVariables);
}

function notFilledIn({ settings }: DingTalkAuthenticator): Finding | undefined {
  const fields = missingSettings(settings).map((key) => FIELDS[key] ?? verbatim(key));
  return fields.length === 0 ? undefined : failed(SETTINGS.missing(joined(fields, text(', ', '、'))), SETTINGS.fillIn);
}

function notTakenFrom(clientId: Awaited<ReturnType<typeof clientIdOf>>): Finding | undefined {
  if ('value' in clientId) return undefined;
  return failed(SETTINGS.clientIdVariable(clientId.name ?? '?'), SETTINGS.plainVariable);
}

function secretFinding(clientSecret: string, app: string): Finding {
  if (clientSecret === '') return failed(CLIENT_SECRET.doesNotOpen, CLIENT_SECRET.enterAgain(app));
  const weakness = weaknessOf(clientSecret, SHORTEST_SECRET);
  if (weakness === undefined) return ok(CLIENT_SECRET.opens(app));
  return failed(
    reworded(weakness, (is) => `${placeholder('dingtalk.clientSecret')} ${is}`),
    COPY_CLIENT_SECRET,
  );
}
