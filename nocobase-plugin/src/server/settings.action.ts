import type { Action, Context } from '@nocobase/server';
import type { Region, StoredPhones } from '../../../src/core/accounts/index.js';
import {
  pluginAuthenticator,
  type PluginAuthenticator,
  type PluginSettings,
} from '../../../src/core/plugin-protocol/index.js';
import { clientIdOf } from './client-id.js';
import { Complaints } from './complaints.js';
import type { GatewayAssertions } from './gateway-assertions.js';
import { nocoBaseFacts, storedPhones } from './nocobase-facts.js';
import { returnPathsToTell } from './return-paths.js';
import type { SecretVault } from './secret-vault.js';
import type { Settings } from './settings.js';
import { LOG } from './texts.js';

/** The number that a gateway accepts. */
const MAX_TOLD = 100;

/** `GET dingtalk:settings[?facts=1][&secrets=none]`, for gateways: their authenticators. */
export function settingsAction(parts: { assertions: GatewayAssertions; vault: SecretVault; version: string }): Action {
  const clientIds = new Complaints();
  const entries = new Complaints();
  return async (context, next) => {
    const { gatewayUrl, authenticators } = await parts.assertions.asking(context);
    const withSecrets = context.query['secrets'] !== 'none';
    const withFacts = context.query['facts'] === '1';
    const phones = new Map<Region, Promise<StoredPhones>>();
    const phonesOf = async (settings: Settings): Promise<StoredPhones> => {
      const checked = phones.get(settings.defaultRegion) ?? storedPhones(context.app.db, settings);
      phones.set(settings.defaultRegion, checked);
      return checked;
    };
    const read = authenticators.map(async ({ id, name, title, enabled, settings }): Promise<PluginAuthenticator> => ({
      name,
      title,
      enabled,
      clientId: await clientIdToTell(name, settings.clientId, context, clientIds),
      clientSecret: withSecrets ? await parts.vault.read({ ...settings, id }) : '',
      corpIds: settings.corpIds,
      autoSignUp: settings.autoSignUp,
      allowAnyOrganization: settings.allowAnyOrganization,
      identity: settings.identity,
      defaultRoles: settings.defaultRoles,
      fields: settings.fields,
      match: settings.match,
      leavers: settings.leavers,
      events: settings.events,
      ...(withFacts && settings.match === 'phone' ? { storedPhones: await phonesOf(settings) } : {}),
      ...returnPathsToTell(settings),
    }));
    const told = (await Promise.all(read)).filter((one) => canBeTold(one, context, entries)).slice(0, MAX_TOLD);
    context.set({ 'Cache-Control': 'no-store' });
    context.body = {
      version: parts.version,
      gatewayUrl,
      authenticators: told,
      ...(withFacts ? { facts: await nocoBaseFacts(context.app) } : {}),
    } satisfies PluginSettings;
    await next();
  };
}

/** Without one, the gateway reports that it is missing, and serves the others. */
async function clientIdToTell(
  authenticator: string,
  written: string,
  { app, log }: Context,
  complaints: Complaints,
): Promise<string> {
  const clientId = await clientIdOf(written, app.db);
  if ('value' in clientId) {
    complaints.settle(authenticator);
    return clientId.value;
  }
  const { problem, name: variable } = clientId;
  if (complaints.isNew(authenticator, `${problem} ${variable}`)) {
    log.warn(LOG.clientIdUnusable.en, { authenticator, problem, variable });
  }
  return '';
}

/**
 * A gateway refuses the whole answer for one entry: a record that was written without going through our rules must not lock
 * everyone out.
 */
function canBeTold(one: PluginAuthenticator, { log }: Context, complaints: Complaints): boolean {
  const isGood = pluginAuthenticator.safeParse(one).success;
  if (isGood) complaints.settle(one.name);
  else if (complaints.isNew(one.name, '')) log.warn(LOG.authenticatorNotTold.en, { authenticator: one.name });
  return isGood;
}
