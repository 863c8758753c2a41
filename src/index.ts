/** The public API for other Nest applications. */
export {
  type AccountPolicy,
  type ComparedUser,
  type DirectoryUser,
  type ExternalIdentity,
  type FieldRule,
  fieldRules,
  type Matches,
  type NewUser,
  nonEmptyString,
  phoneNumber,
  type ProfileField,
  profileField,
  type ProfileValues,
  type Region,
  UserDirectory,
} from './core/accounts/index.js';
export { checkedPath, type ReturnPath, type ReturnPathRules } from './core/return-path/index.js';
export { AuthModule, type AuthOptions } from './auth/index.js';
export {
  DingTalkAuthGuard,
  DingTalkModule,
  type DingTalkModuleOptions,
  type DingTalkOptions,
  DingTalkSignInModule,
} from './dingtalk/index.js';
export {
  type BrowserHandOff,
  type NocoBaseClientOptions,
  NocoBaseClientModule,
  type NocoBaseSession,
  SessionHandOff,
  SessionIssuer,
} from './nocobase-client/index.js';
export { SharedStoreModule, type SharedStoreOptions } from './shared-store/index.js';
export { RateLimitModule, type RateLimitOptions } from './web/index.js';
export { PagesModule, type PagesOptions } from './web/index.js';
export { TelemetryModule, type TelemetryOptions } from './telemetry/index.js';
