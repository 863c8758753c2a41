import type { Action } from '@nocobase/server';
import { type PluginSettings } from '../../../src/plugin-protocol/index.js';
import type { GatewayAssertions } from './gateway-assertions.js';
import type { SecretVault } from './secret-vault.js';

/** `GET dingtalk:settings`, for gateways: the authenticators that are theirs, secrets included. */
export function settingsAction(parts: { assertions: GatewayAssertions; vault: SecretVault; version: string }): Action {
  return async (context, next) => {
    const { gatewayUrl, authenticators } = await parts.assertions.asking(context);
    const read = authenticators.map(async ({ id, name, title, enabled, settings }) => ({
      name,
      title,
      enabled,
      clientId: settings.clientId,
      clientSecret: await parts.vault.read({ ...settings, id }),
      corpIds: settings.corpIds,
      autoSignUp: settings.autoSignUp,
      allowAnyOrganization: settings.allowAnyOrganization,
      identity: settings.identity,
      defaultRoles: settings.defaultRoles,
      fields: settings.fields,
    }));
    context.set({ 'Cache-Control': 'no-store' });
    context.body = {
      version: parts.version,
      gatewayUrl,
      authenticators: await Promise.all(read),
    } satisfies PluginSettings;
    await next();
  };
}
