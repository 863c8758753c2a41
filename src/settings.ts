import { type AuthSettings, checkedPath, readAuthSettings } from './auth/index.js';
import {
  type AppOptions,
  type Environment,
  List,
  readAll,
  readAppOptions,
  readEnvironment,
  Rule,
} from './config/index.js';
import { type DingTalkSettings, readDingTalkSettings } from './dingtalk/index.js';
import { type RateLimits, readRateLimits } from './rate-limit/index.js';
import { type NocoBaseClientOptions, readNocoBaseOptions } from './nocobase-client/index.js';
import { readTelemetrySettings, type TelemetrySettings } from './telemetry/index.js';

/** Everything the environment says, checked. */
export interface Settings {
  readonly app: AppOptions;
  readonly auth: AuthSettings;
  readonly dingtalk: DingTalkSettings;
  readonly nocobase: NocoBaseClientOptions;
  readonly accounts: AccountSettings;
  readonly rateLimits: RateLimits;
  readonly telemetry: TelemetrySettings;
}

/** Rules about NocoBase's accounts and pages that the policy applies. */
export interface AccountSettings {
  readonly defaultPath: string;
  readonly protectedRoles: readonly string[];
}

class AccountEnvironment {
  @Rule('is not supported by this version: use the DINGTALK_* and NOCOBASE_* variables', () => false)
  AUTHENTICATORS_FILE?: string;

  @Rule('must be a path inside NocoBase such as /admin', (value) => {
    const anywhere = { nocobasePublicUrl: 'https://nocobase.invalid', gatewayPublicUrl: 'https://gateway.invalid' };
    return checkedPath(value, anywhere) !== undefined;
  })
  NOCOBASE_DEFAULT_PATH: string = '/admin';

  @List()
  NOCOBASE_PROTECTED_ROLES: string[] = ['root', 'admin'];
}

function readAccountSettings(environment: Environment): AccountSettings {
  const read = readEnvironment(AccountEnvironment, environment);
  return { defaultPath: read.NOCOBASE_DEFAULT_PATH, protectedRoles: read.NOCOBASE_PROTECTED_ROLES };
}

/** @throws InvalidEnvironmentError with every problem, one line each */
export function readSettings(environment: Environment): Settings {
  return readAll({
    app: () => readAppOptions(environment),
    auth: () => readAuthSettings(environment),
    dingtalk: () => readDingTalkSettings(environment),
    nocobase: () => readNocoBaseOptions(environment),
    accounts: () => readAccountSettings(environment),
    rateLimits: () => readRateLimits(environment),
    telemetry: () => readTelemetrySettings(environment),
  });
}
