import { type Environment, fromEnvironment, InvalidEnvironmentError, variablesIn } from '../config/index.js';
import { choice, dingtalk, nocobase, section, type Section, type Setting, text } from '../core/settings/index.js';
import { ofVariable } from '../core/texts/index.js';
import type { PluginTarget } from '../plugin-client/index.js';
import type { PluginAuthenticator } from '../core/plugin-protocol/index.js';
import {
  type AuthenticatorSettings,
  givenInVain,
  passwordUrl,
  readAuthenticator,
  readAuthenticatorFrom,
} from './authenticator-settings.js';
import { readAuthenticatorsFile } from './authenticators-file.js';
import { besideForm, PLACEHOLDER, readForm } from './authenticator-form.js';
import { SOURCE } from './texts.js';

/** Where the ways to sign in are configured. */
export type AuthenticatorsSource = ConfiguredSource | NocoBaseSource;

/** In variables, or in a file. */
export interface ConfiguredSource {
  readonly kind: 'environment';
  /** `AUTHENTICATORS_FILE`. */
  readonly file: string | undefined;
  /** Reads them again, including files. @throws InvalidEnvironmentError */
  readonly read: () => readonly AuthenticatorSettings[];
}

/** In NocoBase, with its companion plugin. */
export interface NocoBaseSource {
  readonly kind: 'nocobase';
  readonly target: PluginTarget;
  /** NocoBase's own sign-in page. */
  readonly passwordUrl: string;
  /** Parses one as NocoBase's administrator configured it. @throws InvalidEnvironmentError; no line contains a value */
  readonly read: (form: PluginAuthenticator) => AuthenticatorSettings;
  /** Variables that are set but ignored: NocoBase's form decides. */
  readonly ignored: readonly string[];
}

const source = section(
  '',
  {
    authenticatorsSource: choice(['environment', 'nocobase'], {}),
    authenticatorsFile: text({}),
    nocobaseHandoff: text({}),
  },
  [
    {
      of: 'authenticatorsFile',
      said: ofVariable('and AUTHENTICATORS_SOURCE=nocobase are both set: keep one'),
      holds: ({ authenticatorsSource, authenticatorsFile }) =>
        authenticatorsSource !== 'nocobase' || authenticatorsFile === undefined,
    },
    {
      of: 'nocobaseHandoff',
      said: ofVariable(
        'must be ticket (or auto) with AUTHENTICATORS_SOURCE=nocobase: the gateway then has no NocoBase secret, which page and query need',
      ),
      holds: ({ authenticatorsSource, nocobaseHandoff = 'auto' }) =>
        authenticatorsSource !== 'nocobase' || nocobaseHandoff === 'ticket' || nocobaseHandoff === 'auto',
    },
  ],
);

/** @throws InvalidEnvironmentError with every problem, one line each */
export function readAuthenticatorsSource(environment: Environment): AuthenticatorsSource {
  const { authenticatorsSource, authenticatorsFile: file } = fromEnvironment(source, environment);
  if ((authenticatorsSource ?? meantSource(environment)) === 'nocobase') return inNocoBase(environment);
  const read = (): readonly AuthenticatorSettings[] =>
    file === undefined ? [readAuthenticator(environment)] : readAuthenticatorsFile(file, environment);
  const isSaid = authenticatorsSource !== undefined || file !== undefined;
  return { kind: 'environment', file, read: isSaid ? read : () => namingBothWays(read, environment) };
}

/**
 * The default source. A setting that NocoBase's form asks for, or that only a NocoBase without the plugin needs, shows
 * that the ways to sign in are configured here, completely or not. Without any of them, the plugin is meant.
 */
function meantSource(environment: Environment): 'environment' | 'nocobase' {
  const variables = variablesIn(environment);
  const isGiven = (section: Pick<Section, 'name' | 'settings'>, isMeant: (setting: Setting) => boolean): boolean =>
    Object.entries<Setting>(section.settings).some(
      ([key, setting]) => isMeant(setting) && variables.given(section, key, setting).length > 0,
    );
  const isSetUpHere =
    isGiven(dingtalk, ({ inForm }) => inForm !== undefined) ||
    isGiven(nocobase, ({ unless }) => unless !== undefined) ||
    ['page', 'query'].includes(environment['NOCOBASE_HANDOFF']?.trim() ?? '') ||
    Boolean(environment['AUTHENTICATORS_FILE']?.trim());
  return isSetUpHere ? 'environment' : 'nocobase';
}

/** An operator without DingTalk's variables may have forgotten them, or may have meant NocoBase's form. */
function namingBothWays<T>(read: () => T, environment: Environment): T {
  try {
    return read();
  } catch (error) {
    const variables = variablesIn(environment);
    const isMissing = (['clientId', 'clientSecret'] as const).some(
      (key) => variables.given(dingtalk, key, dingtalk.settings[key]).length === 0,
    );
    if (!(error instanceof InvalidEnvironmentError) || !isMissing) throw error;
    throw new InvalidEnvironmentError([...error.texts, SOURCE.orInNocoBase]);
  }
}

/** Settings that are not in NocoBase's form are in the environment, and are validated before any form is known. */
function inNocoBase(environment: Environment): NocoBaseSource {
  const variables = variablesIn(environment);
  const placeholder = readAuthenticatorFrom({ ...besideForm(PLACEHOLDER, environment), nameOf: variables.nameOf });
  return {
    kind: 'nocobase',
    target: placeholder.nocobase,
    passwordUrl: passwordUrl(placeholder),
    read: (form) => readForm(form, environment),
    ignored: givenInVain(variables, ({ inForm, decidedByPlugin }) => inForm === true || decidedByPlugin === true),
  };
}
