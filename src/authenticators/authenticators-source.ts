import { type Environment, OneOf, readEnvironment, Rule } from '../config/index.js';
import type { PluginTarget } from '../plugin-client/index.js';
import type { PluginAuthenticator } from '../core/plugin-protocol/index.js';
import { type AuthenticatorSettings, passwordUrl, readAuthenticator } from './authenticator-settings.js';
import { readAuthenticatorsFile } from './authenticators-file.js';
import { formless, readForm } from './authenticator-form.js';
import { ignoredVariables } from './decided-in-nocobase.js';

/** Where the ways to sign in are set up. */
export type AuthenticatorsSource = ConfiguredSource | NocoBaseSource;

/** In variables, or in a file. */
export interface ConfiguredSource {
  readonly kind: 'environment';
  /** `AUTHENTICATORS_FILE`. */
  readonly file: string | undefined;
  /** Reads them again, files included. @throws InvalidEnvironmentError */
  readonly read: () => readonly AuthenticatorSettings[];
}

/** In NocoBase, with its companion plugin. */
export interface NocoBaseSource {
  readonly kind: 'nocobase';
  readonly target: PluginTarget;
  /** NocoBase's own sign-in page. */
  readonly passwordUrl: string;
  /** One of them as NocoBase's administrator filled it in. @throws InvalidEnvironmentError; no line shows a value */
  readonly read: (form: PluginAuthenticator) => AuthenticatorSettings;
  /** Variables that are set and count for nothing: NocoBase's form decides. */
  readonly ignored: readonly string[];
}

class SourceEnvironment {
  @OneOf('environment', 'nocobase')
  AUTHENTICATORS_SOURCE: 'environment' | 'nocobase' = 'environment';

  @Rule(
    'and AUTHENTICATORS_SOURCE=nocobase are both set: keep one',
    (_path, environment) => !isInNocoBase(environment as SourceEnvironment),
  )
  AUTHENTICATORS_FILE?: string;

  @Rule(
    'must be ticket (or auto) with AUTHENTICATORS_SOURCE=nocobase: the gateway has no secret of NocoBase then, which page and query need',
    (handOff, environment) =>
      !isInNocoBase(environment as SourceEnvironment) || handOff === 'ticket' || handOff === 'auto',
  )
  NOCOBASE_HANDOFF?: string;
}

function isInNocoBase({ AUTHENTICATORS_SOURCE }: SourceEnvironment): boolean {
  return AUTHENTICATORS_SOURCE === 'nocobase';
}

/** @throws InvalidEnvironmentError with every problem, one line each */
export function readAuthenticatorsSource(environment: Environment): AuthenticatorsSource {
  const read = readEnvironment(SourceEnvironment, environment);
  if (isInNocoBase(read)) return inNocoBase(environment);
  const file = read.AUTHENTICATORS_FILE?.trim();
  return {
    kind: 'environment',
    file,
    read: () => (file === undefined ? [readAuthenticator(environment)] : readAuthenticatorsFile(file, environment)),
  };
}

/** What NocoBase's form does not ask for is in the environment, and is checked before anything is known of a form. */
function inNocoBase(environment: Environment): NocoBaseSource {
  const rest = { ...formless(environment), NOCOBASE_HANDOFF: 'ticket' };
  // With one organization, which DINGTALK_EXCLUSIVE_LOGIN needs: each form names its own.
  const form = { DINGTALK_CLIENT_ID: 'none', DINGTALK_CLIENT_SECRET: 'none', DINGTALK_CORP_ID: 'none' };
  const placeholder = readAuthenticator({ ...rest, ...form });
  return {
    kind: 'nocobase',
    target: placeholder.nocobase,
    passwordUrl: passwordUrl(placeholder),
    read: (filledIn) => readForm(filledIn, rest),
    ignored: ignoredVariables('form', environment),
  };
}
