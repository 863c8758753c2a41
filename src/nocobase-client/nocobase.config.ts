import { type Environment, fromEnvironment } from '../config/index.js';
import { nocobase, type NocoBaseValues } from '../core/settings/index.js';
import type { NocoBaseOptions } from './nocobase-client.options.js';

/** @throws InvalidEnvironmentError */
export function readNocoBaseOptions(environment: Environment): NocoBaseOptions {
  return nocoBaseOptions(fromEnvironment(nocobase, environment));
}

/** With the plugin no key is needed, so none was read: a secret that is not in the process cannot leak from it. */
export function nocoBaseOptions(values: NocoBaseValues): NocoBaseOptions {
  const target = {
    url: values.url,
    publicUrl: values.publicUrl ?? values.url,
    app: values.app,
    ownDomain: values.appDomain,
    apiBasePath: values.apiBasePath,
    modernPrefix: values.modernClientPrefix,
    storagePrefix: values.storagePrefix,
    storageType: values.storageType,
    shareToken: values.shareToken,
    authenticator: values.authenticator,
    defaultRegion: values.defaultRegion,
    timeoutMs: values.timeoutMs,
  };
  if (values.handoff === 'ticket') return { ...target, handOff: 'ticket' };
  const { apiToken, jwtSecret } = values as NocoBaseValues & { apiToken: string; jwtSecret: string };
  return { ...target, apiToken, jwtSecret: Buffer.from(jwtSecret), handOff: stockHandOff(values) };
}

function stockHandOff({ gatewayUrl, url, publicUrl = url, handoff, storageType }: NocoBaseValues): 'page' | 'query' {
  if (handoff === 'page' || handoff === 'query') return handoff;
  // If the session lasts only as long as a page, our page could not leave one behind.
  if (storageType === 'memory' || gatewayUrl === undefined) return 'query';
  return new URL(gatewayUrl).origin === new URL(publicUrl).origin ? 'page' : 'query';
}
