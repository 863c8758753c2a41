/** What another Nest application can import. */
export { type AccountPolicy, AuthModule, type AuthOptions, type FieldRule, fieldRules } from './auth/index.js';
export { DingTalkModule, type DingTalkOptions } from './dingtalk/index.js';
export {
  type BrowserHandOff,
  type ComparedUser,
  type DirectoryUser,
  type Matches,
  type NewUser,
  type NocoBaseClientOptions,
  NocoBaseClientModule,
  type NocoBaseSession,
  nonEmptyString,
  phoneNumber,
  type ProfileField,
  profileField,
  type ProfileValues,
  type Region,
  SessionHandOff,
  SessionIssuer,
  UserDirectory,
} from './nocobase-client/index.js';
export { SharedStoreModule } from './shared-store/index.js';
export { RateLimitModule, type RateLimitOptions } from './rate-limit/index.js';
export { PagesModule, type PagesOptions } from './pages/index.js';
export { TelemetryModule, type TelemetryOptions } from './telemetry/index.js';
