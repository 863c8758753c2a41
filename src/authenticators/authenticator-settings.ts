import { type Environment, readAll, readSection, type SettingsSource, variablesIn } from '../config/index.js';
import type { MatchRule } from '../core/accounts/index.js';
import { pagePath } from '../core/nocobase-web/index.js';
import { dingtalk, nocobase, type NocoBaseValues, type Setting } from '../core/settings/index.js';
import { dingTalkSettings, type DingTalkSettings } from '../dingtalk/index.js';
import { nocoBaseOptions, type NocoBaseOptions } from '../nocobase-client/index.js';

/** One way to sign in, validated: a DingTalk application and the NocoBase it leads to. */
export interface AuthenticatorSettings {
  /** In our routes, and of the record in NocoBase's `authenticators`. */
  readonly name: string;
  readonly title?: { readonly en: string; readonly zh: string };
  /** An image as a `data:` address. */
  readonly logo?: string;
  readonly dingtalk: DingTalkSettings;
  readonly nocobase: NocoBaseOptions;
  readonly accounts: AccountSettings;
  /** Variables, or keys of its entry, that are set but ignored: NocoBase's plugin decides. */
  readonly ignored?: readonly string[];
}

/** Rules about NocoBase's accounts and pages. */
export interface AccountSettings {
  readonly defaultPath: string;
  readonly match: MatchRule;
  readonly severalBindings: boolean;
  /** Further paths that people may be sent to. */
  readonly returnPaths: readonly string[];
  readonly protectedRoles: readonly string[];
  /** NocoBase's own sign-in page, as a path below its public address. */
  readonly passwordPath: string;
}

/** @throws InvalidEnvironmentError with every problem, one line each */
export function readAuthenticator(environment: Environment): AuthenticatorSettings {
  return readAuthenticatorFrom(variablesIn(environment));
}

/** The same from any source. @throws InvalidEnvironmentError in the terms of the source */
export function readAuthenticatorFrom(source: SettingsSource): AuthenticatorSettings {
  const read = readAll({
    dingtalk: () => readSection(dingtalk, source),
    nocobase: () => readSection(nocobase, source),
  });
  const { authenticator: name, handoff } = read.nocobase;
  const ignored = handoff === 'ticket' ? givenInVain(source, ({ decidedByPlugin }) => decidedByPlugin === true) : [];
  return {
    name,
    dingtalk: dingTalkSettings(read.dingtalk),
    nocobase: nocoBaseOptions(read.nocobase),
    accounts: accountSettings(read.nocobase),
    ...(ignored.length === 0 ? {} : { ignored }),
  };
}

/** The names of settings that are ignored because NocoBase decides, in case an operator relies on one of them. */
export function givenInVain(source: SettingsSource, isDecided: (setting: Setting) => boolean): readonly string[] {
  const decided = [nocobase, dingtalk].flatMap((section) =>
    Object.entries<Setting>(section.settings).flatMap(([key, setting]) =>
      isDecided(setting) ? [{ section, key, setting }] : [],
    ),
  );
  // Unneeded keys come last: ignoring them weakens no protection.
  const isNeedless = ({ setting }: { setting: Setting }): number => Number(setting.unless !== undefined);
  return decided
    .toSorted((one, other) => isNeedless(one) - isNeedless(other))
    .flatMap(({ section, key, setting }) => source.given(section, key, setting));
}

function accountSettings(values: NocoBaseValues): AccountSettings {
  const { defaultPath, match, severalBindings, returnPaths, protectedRoles, passwordPath } = values;
  return { defaultPath, match, severalBindings, returnPaths, protectedRoles, passwordPath };
}

/** NocoBase's own sign-in page, of the sub-app if there is one. */
export function passwordUrl({
  nocobase,
  accounts: { passwordPath },
}: Pick<AuthenticatorSettings, 'nocobase' | 'accounts'>): string {
  return `${nocobase.publicUrl}${pagePath(nocobase, passwordPath)}`;
}
