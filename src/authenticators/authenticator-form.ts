import { type Environment, InvalidEnvironmentError, type SettingsSource, variablesIn } from '../config/index.js';
import { modernPrefix } from '../core/nocobase-web/index.js';
import type { PluginAuthenticator } from '../core/plugin-protocol/index.js';
import { type AuthenticatorSettings, readAuthenticatorFrom } from './authenticator-settings.js';
import { keyOf } from './authenticators-file.schema.js';
import { FORM } from './texts.js';

/** The values of NocoBase's form, by the keys of the settings; the sections have no form key in common. */
type FilledIn = Readonly<Record<string, unknown>>;

/** Used before there is a form: one organization, as DINGTALK_EXCLUSIVE_LOGIN requires; each form names its own. */
export const PLACEHOLDER: FilledIn = { clientId: 'none', clientSecret: 'none', corpId: ['none'] };

/**
 * The settings of a form, together with those of the environment that are not in the form. A field that is empty in the
 * form is empty, whatever the environment says.
 */
export function besideForm(form: FilledIn, environment: Environment): SettingsSource {
  const variables = variablesIn(environment);
  return {
    // A setting that is not in the form is reported by the name of its variable.
    nameOf: (section, key, isFile) =>
      section.settings[key]?.inForm === undefined ? variables.nameOf(section, key, isFile) : keyOf(section.name, key),
    // Ignored variables are reported once, for all authenticators.
    given: () => [],
    look: (section, key, setting) => {
      if (section.name === 'nocobase' && key === 'handoff') return { value: 'ticket' };
      if (setting.inForm !== true) return variables.look(section, key, setting);
      const value = form[key];
      const isEmpty = value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
      return isEmpty ? undefined : { value };
    },
  };
}

/**
 * An authenticator as NocoBase's administrator configured it.
 *
 * @throws InvalidEnvironmentError with every problem, one line each; none contains a value
 */
export function readForm(form: PluginAuthenticator, environment: Environment): AuthenticatorSettings {
  const { name, title, corpIds, returnPaths = [] } = form;
  // The plugin sends the new client's prefix as one more page, for gateways that do not know it.
  const newClient = `/${modernPrefix({ modernPrefix: environment['NOCOBASE_MODERN_CLIENT_PREFIX']?.trim() })}`;
  const filledIn: FilledIn = {
    ...form,
    authenticator: name,
    corpId: corpIds,
    returnPaths: returnPaths.filter((path) => path !== newClient),
    // A plugin that sends no mode for leavers has no book, so there is nothing to watch.
    leavers: form.leavers ?? 'off',
  };
  try {
    const settings = readAuthenticatorFrom(besideForm(filledIn, environment));
    // NocoBase's own titles may be templates, such as {{t("DingTalk")}}.
    return title.trim() === '' || title.includes('{{') ? settings : { ...settings, title: { en: title, zh: title } };
  } catch (error) {
    if (!(error instanceof InvalidEnvironmentError)) throw error;
    throw new InvalidEnvironmentError(error.texts.map((problem) => FORM.problem(name, problem)));
  }
}
