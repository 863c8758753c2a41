import { DINGTALK_PROBES, type Probe } from '../../core/doctor/index.js';
import type { DoctorContext, PluginContext, StockContext } from '../doctor-context.js';
import { clockProbe } from './clock.probe.js';
import { handOffProbe } from './hand-off.probe.js';
import { ignoredVariablesProbe } from './ignored-variables.probe.js';
import { bookProbe, keptProbe } from './leavers.probe.js';
import { addressProbe } from './nocobase-address.probe.js';
import { jwtSecretProbe } from './nocobase-jwt-secret.probe.js';
import { fieldsProbe } from './nocobase-fields.probe.js';
import { keyProbe } from './nocobase-key.probe.js';
import { nocobasePageProbe } from './nocobase-page.probe.js';
import { pluginProbe } from './nocobase-plugin.probe.js';
import { nocobasePublicUrlProbe } from './nocobase-public-url.probe.js';
import { reachableProbe } from './nocobase-reachable.probe.js';
import { rightsProbe } from './nocobase-rights.probe.js';
import { authenticatorProbe, newUserRolesProbe } from './nocobase-rows.probe.js';
import { passwordPathProbe } from './password-path.probe.js';
import { plainHttpProbe } from './plain-http.probe.js';
import { pluginVersionProbe } from './plugin-version.probe.js';
import { type ExaminedGateway, publicUrlProbe } from './public-url.probe.js';
import { redisProbe } from './redis.probe.js';
import { secretsProbe } from './secrets.probe.js';
import { pluginSelfServiceProbe, selfServiceProbe } from './self-service.probe.js';
import { signInOriginProbe } from './sign-in-origin.probe.js';
import { pluginStoredPhonesProbe, storedPhonesProbe } from './stored-phones.probe.js';
import { pluginSubAppSecretProbe, subAppSecretProbe } from './sub-app-secret.probe.js';

/** About the gateway as a whole. */
export const GATEWAY_PROBES: readonly Probe<ExaminedGateway>[] = [
  ignoredVariablesProbe,
  secretsProbe,
  plainHttpProbe,
  redisProbe,
  publicUrlProbe,
];

const FIRST_PROBES: readonly Probe<DoctorContext>[] = [clockProbe, ...DINGTALK_PROBES, reachableProbe];

/** About each authenticator, in the order of a sign-in: for a stock NocoBase … */
export const STOCK_PROBES: readonly Probe<StockContext>[] = [
  ...FIRST_PROBES,
  keyProbe,
  rightsProbe,
  fieldsProbe,
  jwtSecretProbe,
  subAppSecretProbe,
  authenticatorProbe,
  selfServiceProbe,
  storedPhonesProbe,
  newUserRolesProbe,
  keptProbe,
  handOffProbe,
  nocobasePublicUrlProbe,
  passwordPathProbe,
  nocobasePageProbe,
];

/** … and for one with the companion plugin, where the gateway has no key and no rights. */
export const PLUGIN_PROBES: readonly Probe<PluginContext>[] = [
  ...FIRST_PROBES,
  pluginProbe,
  addressProbe,
  pluginVersionProbe,
  pluginSelfServiceProbe,
  pluginStoredPhonesProbe,
  pluginSubAppSecretProbe,
  bookProbe,
  nocobasePublicUrlProbe,
  passwordPathProbe,
  nocobasePageProbe,
  signInOriginProbe,
];
