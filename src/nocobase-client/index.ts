export { GATEWAY_RIGHTS, gatewayRights, NOCOBASES_OWN_ROLES } from './gateway-rights.js';
export { type Rights, wantedRights } from './wanted-rights.js';
export { nocoBaseOptions, readNocoBaseOptions } from './nocobase.config.js';
export { actionRequest, type AskedAs, NocoBaseActions, type NocoBaseAddress } from './nocobase-actions.js';
export { boundUsers, BoundUsers, type BoundUser } from './bound-users.js';
export { NocoBaseFilter } from './nocobase-filter.js';
export { NocoBaseClientModule } from './nocobase-client.module.js';
export type {
  NocoBaseClientOptions,
  NocoBaseOptions,
  NocoBasePluginOptions,
  NocoBaseTarget,
} from './nocobase-client.options.js';
export { type BrowserHandOff, type BrowserStorage, SessionHandOff } from './session-hand-off.js';
export { type NocoBaseSession, SessionIssuer } from './session-issuer.js';
