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
import { callbackUrl } from '../../../../src/core/plugin-protocol/index.js';
import { joined, reworded, type Text, verbatim } from '../../../../src/core/texts/index.js';
import type { DingTalkAuthenticator } from '../authenticators.js';
import { clientIdOf } from '../client-id.js';
import { dingTalkEnvironment } from '../dingtalk-environment.js';
import { placesOf } from '../paths.js';
import type { SecretVault } from '../secret-vault.js';
import { missingSettings } from '../settings.js';
import { CLIENT_SECRET, SETTINGS } from './texts.js';

/** One that DingTalk hands out is longer by far: what is shorter was not copied as a whole. */
const SHORTEST_SECRET = 8;

const FIELDS: Readonly<Record<string, Text>> = {
  clientId: verbatim(placeholder('dingtalk.clientId')),
  hasClientSecret: verbatim(placeholder('dingtalk.clientSecret')),
  nocobaseUrl: SETTINGS.addressOfNocoBase,
};

/** What was found of the settings, and with them the application at DingTalk where they are all there. */
export interface Configuration {
  readonly results: readonly Result[];
  readonly application: DingTalkOptions | undefined;
}

/** Whether DingTalk can be asked at all: with these settings, this node's environment and this node's key. */
export async function readConfiguration(
  app: Application,
  vault: SecretVault,
  authenticator: DingTalkAuthenticator,
): Promise<Configuration> {
  const { id, name, settings } = authenticator;
  const clientId = await clientIdOf(settings.clientId, app.db);
  const clientSecret = settings.hasClientSecret ? await vault.read({ ...settings, id }) : '';
  const environment = dingTalkEnvironment(process.env);
  const redirectUrl = callbackUrl(settings.nocobaseUrl, placesOf(app.name), name);
  const results: Result[] = [
    {
      id: 'nocobase.settings',
      title: SETTINGS.title,
      ...(notFilledIn(authenticator) ??
        notTakenFrom(clientId) ??
        ('problems' in environment
          ? failed(joined(environment.problems, '\n'), SETTINGS.correctVariables)
          : ok(SETTINGS.complete(redirectUrl)))),
    },
    {
      id: 'nocobase.client-secret',
      title: CLIENT_SECRET.title,
      ...(settings.hasClientSecret ? secretFinding(clientSecret, app.name) : skipped(ANY.notTested(SETTINGS.title))),
    },
  ];
  const isComplete = results[0]?.status === 'ok' && clientSecret !== '';
  if (!isComplete || 'problem' in clientId || 'problems' in environment) return { results, application: undefined };
  const application: DingTalkOptions = {
    authenticator: name,
    clientId: clientId.value,
    clientSecret,
    identity: settings.identity,
    corpIds: settings.corpIds,
    exclusiveLogin: settings.exclusiveLogin,
    callbackUrl: redirectUrl,
    ...environment.read,
  };
  return { results, application };
}

function notFilledIn({ settings }: DingTalkAuthenticator): Finding | undefined {
  const fields = missingSettings(settings).map((key) => FIELDS[key] ?? verbatim(key));
  return fields.length === 0 ? undefined : failed(SETTINGS.missing(joined(fields, ', ')), SETTINGS.fillIn);
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
