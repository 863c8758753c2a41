import { type Environment, InvalidEnvironmentError } from '../config/index.js';
import { reworded, type Text, text } from '../core/texts/index.js';
import type { PluginAuthenticator } from '../core/plugin-protocol/index.js';
import { type AuthenticatorSettings, readAuthenticator } from './authenticator-settings.js';
import { modernPrefix } from '../core/nocobase-web/index.js';
import { authenticatorEntry } from './authenticators-file.schema.js';
import { IN_THE_FORM } from './decided-in-nocobase.js';
import { asVariables, inWordsOfTheEntry } from './entry-variables.js';
import { shapeProblem } from './shape-problem.js';

/** The environment without what the form says: a field that is empty there is empty. */
export function formless(environment: Environment): Environment {
  const asked = new Set(IN_THE_FORM.flatMap((name) => [name, `${name}_FILE`]));
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !asked.has(name)));
}

/**
 * An authenticator as NocoBase's administrator filled it in, by the rules that hold for `AUTHENTICATORS_FILE`.
 *
 * @param rest the other variables, from the environment
 * @throws InvalidEnvironmentError with every problem, one line each; none shows a value
 */
export function readForm(form: PluginAuthenticator, rest: Environment): AuthenticatorSettings {
  const { name, title, clientId, clientSecret, corpIds, autoSignUp, allowAnyOrganization, identity } = form;
  // The plugin tells the new client's prefix as one more page, to gateways that do not know it.
  const newClient = `/${modernPrefix({ modernPrefix: rest['NOCOBASE_MODERN_CLIENT_PREFIX'] })}`;
  const entry = authenticatorEntry.safeParse({
    name,
    dingtalk: filledIn({
      clientId,
      clientSecret,
      corpId: corpIds,
      autoSignUp,
      allowAnyOrganization,
      identity,
      defaultRoles: form.defaultRoles,
      fields: form.fields,
    }),
    nocobase: filledIn({ returnPaths: (form.returnPaths ?? []).filter((path) => path !== newClient) }),
  });
  if (!entry.success) throw refused(name, entry.error.issues.map(shapeProblem));
  try {
    const variables = asVariables(entry.data, { folder: '', environment: {} });
    // What the environment says in vain is said once, for all authenticators.
    const { ignored: _, ...settings } = readAuthenticator({ ...rest, ...variables, NOCOBASE_AUTHENTICATOR: name });
    // NocoBase's own titles may be templates, such as {{t("DingTalk")}}.
    return title.trim() === '' || title.includes('{{') ? settings : { ...settings, title: { en: title, zh: title } };
  } catch (error) {
    if (error instanceof InvalidEnvironmentError)
      throw refused(
        name,
        error.texts.map((said) => reworded(said, inWordsOfTheEntry)),
      );
    throw error;
  }
}

function filledIn(fields: Readonly<Record<string, string | boolean | readonly string[]>>): object {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => typeof value === 'boolean' || value.length > 0),
  );
}

function refused(name: string, problems: readonly Text[]): InvalidEnvironmentError {
  return new InvalidEnvironmentError(
    problems.map(({ en, zh }) => text(`NocoBase, authenticator ${name}: ${en}`, `NocoBase，认证器 ${name}：${zh}`)),
  );
}
