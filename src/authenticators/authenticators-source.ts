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
 * Where nobody has said it: what NocoBase's form asks for of DingTalk, or what only a NocoBase without the plugin needs,
 * belongs to somebody who sets the ways to sign in up here, complete or not. Who has set none of it has the plugin.
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

/** Whoever has forgotten a variable of DingTalk's may as well have meant NocoBase's form. */
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

/** What NocoBase's form does not ask for is in the environment, and is checked before anything is known of a form. */
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
