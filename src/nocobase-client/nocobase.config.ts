import { type Environment, fromEnvironment } from '../config/index.js';
import { nocobase, type NocoBaseValues } from '../core/settings/index.js';
import type { NocoBaseOptions } from './nocobase-client.options.js';

/** @throws InvalidEnvironmentError */
export function readNocoBaseOptions(environment: Environment): NocoBaseOptions {
  return nocoBaseOptions(fromEnvironment(nocobase, environment));
}

/** With the plugin no key is needed, so none was read: what the process does not hold, nobody takes from it. */
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
  // Where nothing outlives a page, one of ours leaves nothing behind.
  if (storageType === 'memory' || gatewayUrl === undefined) return 'query';
  return new URL(gatewayUrl).origin === new URL(publicUrl).origin ? 'page' : 'query';
}
