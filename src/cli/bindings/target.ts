import { isSupportedCountry } from 'libphonenumber-js';
import { type Environment, fromEnvironment, InvalidEnvironmentError, type VariablesFile } from '../../config/index.js';
import { type DingTalkSettings, readDingTalkSettings } from '../../dingtalk/index.js';
import { DEFAULT_REGION, type Region } from '../../core/accounts/index.js';
import { Bindings, NocoBaseAdmin } from '../provision/index.js';
import { readSettings, type Settings } from '../../settings.js';
import { apiBasePathOf } from '../api-base-path.js';
import { TEXTS } from '../texts.js';
import { UsageError } from '../usage.error.js';
import type { Io } from '../io.js';
import { type AddressOptions, rootCredentials, valueOf } from '../root-credentials.js';
import { upstreamForCommands } from '../../upstream/index.js';
import { nocobase, PROTECTED_ROLES } from '../../core/settings/index.js';

/** The authenticator whose bindings are meant, and the address of its NocoBase. */
export interface Target {
  readonly authenticator: string;
  /** undefined: prompts for it. */
  readonly url: string | undefined;
  readonly app: string;
  readonly apiBasePath: string | undefined;
  readonly protectedRoles: readonly string[];
  /** Of phone numbers without a country code. */
  readonly home: Region;
  /** undefined if this machine does not have the application's Client ID and Client Secret. */
  readonly dingtalk: DingTalkSettings | undefined;
}

/**
 * From the gateway's configuration if it is complete; else from the few necessary variables, so that an administrator
 * can work from a machine without the gateway's secrets, or where only the plugin is used.
 *
 * @throws InvalidEnvironmentError if the roles to protect cannot be read: some account might then not be protected
 */
export function targetOf({ environment, envFile }: Io, wanted: string | undefined): Target {
  const settings = settingsIfAny(environment, envFile);
  if (settings === undefined) {
    const named = valueOf(environment, 'NOCOBASE_AUTHENTICATOR') ?? 'dingtalk';
    const authenticator = wanted ?? named;
    return {
      authenticator,
      url: valueOf(environment, 'NOCOBASE_URL'),
      app: valueOf(environment, 'NOCOBASE_APP') ?? 'main',
      apiBasePath: apiBasePathOf(environment),
      protectedRoles: withoutLoss(protectedRolesIn(environment), envFile),
      home: region(valueOf(environment, 'NOCOBASE_DEFAULT_REGION')),
      // Of another authenticator, the organization may be another one, where the same userid is somebody else's.
      dingtalk: authenticator === named ? dingtalkIfAny(environment) : undefined,
    };
  }
  const { authenticators } = settings;
  const one = wanted === undefined ? authenticators[0] : authenticators.find(({ name }) => name === wanted);
  if (one === undefined) {
    throw new UsageError(TEXTS.noSuchAuthenticator(authenticators.map(({ name }) => name).join(', ')));
  }
  const { url, app, apiBasePath, defaultRegion: home = DEFAULT_REGION } = one.nocobase;
  const protectedRoles = withoutLoss(one.accounts.protectedRoles, envFile);
  return { authenticator: one.name, url, app, apiBasePath, protectedRoles, home, dingtalk: one.dingtalk };
}

/** A `.env`, which may be in any folder, can protect more accounts but not fewer; that requires `--allow-protected`. */
function withoutLoss(roles: readonly string[], file: VariablesFile | undefined): readonly string[] {
  const isSaidThere = ['NOCOBASE_PROTECTED_ROLES', 'AUTHENTICATORS_FILE'].some((name) => file?.names.has(name));
  return isSaidThere ? [...new Set([...PROTECTED_ROLES, ...roles])] : roles;
}

function protectedRolesIn(environment: Environment): readonly string[] {
  const { name, settings } = nocobase;
  const section = { name, settings: { protectedRoles: settings.protectedRoles }, crossRules: [] };
  return fromEnvironment(section, environment).protectedRoles;
}

function dingtalkIfAny(environment: Environment): DingTalkSettings | undefined {
  try {
    return readDingTalkSettings(environment);
  } catch (error) {
    if (error instanceof InvalidEnvironmentError) return undefined;
    throw error;
  }
}

function region(code: string = DEFAULT_REGION): Region {
  if (!isSupportedCountry(code)) throw new UsageError(TEXTS.badRegion);
  return code;
}

function settingsIfAny(environment: Environment, file: VariablesFile | undefined): Settings | undefined {
  try {
    const settings = readSettings(environment, file);
    // This machine cannot tell which authenticators NocoBase has.
    return settings.source.kind === 'nocobase' ? undefined : settings;
  } catch (error) {
    // A file with several authenticators says which NocoBase is meant: an invalid one must not be bypassed by guessing.
    if (error instanceof InvalidEnvironmentError && !valueOf(environment, 'AUTHENTICATORS_FILE')) return undefined;
    throw error;
  }
}

/** Signs in as root and passes on the clients for reading and writing. */
export async function withBindings<T>(
  io: Io,
  target: Target,
  { dryRun = false, ...address }: AddressOptions & { readonly dryRun?: boolean },
  work: (admin: NocoBaseAdmin, bindings: Bindings) => Promise<T>,
): Promise<T> {
  const credentials = await rootCredentials(io, address, target);
  const admin = await NocoBaseAdmin.signIn(upstreamForCommands(), {
    ...credentials,
    app: target.app,
    apiBasePath: target.apiBasePath,
  });
  return work(admin, await Bindings.of(admin, target.authenticator, { dryRun }));
}
