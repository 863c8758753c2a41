import { ofVariable, type Text } from '../texts/index.js';

/** A requirement for a value. Its message follows the name of the setting. */
export interface Rule<T = never> {
  readonly said: Text;
  readonly holds: (value: T) => boolean;
}

/** One setting of an operator, wherever it is configured: in a variable, a file, or NocoBase's form. */
export interface Setting<T = unknown> {
  readonly kind: 'text' | 'choice' | 'flag' | 'number' | 'list';
  /** A description for authors of a file. */
  readonly about?: string;
  /** Its variable, if that does not follow from its key. */
  readonly variable?: string;
  /** Used if nothing is given. */
  readonly default?: T;
  /** The message if nothing is given and there is no default. */
  readonly required?: Text;
  /** Ignored if another setting has this value: a secret that is not in the process cannot leak from it. */
  readonly unless?: readonly [key: string, value: string];
  /** The parsed value of a text; undefined if it is invalid. */
  readonly parse: (text: string) => unknown;
  /** The message for an invalid text. */
  readonly unreadable: Text;
  readonly rules: readonly Rule[];
  readonly choices?: readonly string[];
  /** How a file with the value is read; without this, no file is allowed. */
  readonly fromFile?: (content: Buffer) => string | Buffer;
  /** The value is neither trimmed nor checked for odd characters: other programs use the same secret, byte for byte. */
  readonly verbatim?: boolean;
  /**
   * Whether it is in NocoBase's form. If authenticators are configured there, the gateway takes it from the form;
   * `for-plugin`: only the plugin uses it, for the sign-ins that it decides or makes by itself; the gateway uses its
   * variables.
   */
  readonly inForm?: true | 'for-plugin';
  /** Whether the companion plugin decides it if it redeems tickets. */
  readonly decidedByPlugin?: boolean;
}

/** A setting that is in NocoBase's form. */
export type InForm = Required<Pick<Setting, 'inForm'>>;

/** A setting with a default. */
export interface Defaulted<T = unknown> {
  readonly default: T;
}

export type Settings = Readonly<Record<string, Setting>>;

/** Parsed settings, by their keys. */
export type Values<S extends Settings> = { readonly [Key in keyof S]: S[Key] extends Setting<infer T> ? T : never };

/** The same before validation; undefined for values that could not be parsed. */
export type Readable<S extends Settings> = { readonly [Key in keyof S]: Values<S>[Key] | undefined };

/** A rule about several settings, reported for one of them. `{key}` in its message is the name of another. */
export interface CrossRule<S extends Settings> {
  readonly of: keyof S & string;
  readonly said: Text;
  readonly holds: (values: Readable<S>) => boolean;
}

/** Settings that belong together: `DINGTALK_CLIENT_ID` is `clientId` of the section `dingtalk`. */
export interface Section<S extends Settings = Settings> {
  readonly name: string;
  readonly settings: S;
  readonly crossRules: readonly CrossRule<S>[];
}

const declared: Section[] = [];

/** @param name prefix of its variables; undefined if they have none in common */
export function section<S extends Settings>(
  name: string,
  settings: S,
  crossRules: readonly CrossRule<S>[] = [],
): Section<S> {
  const made = { name, settings, crossRules };
  declared.push(made as unknown as Section);
  return made;
}

/** All sections. They are all declared before any is read. */
export function declaredSections(): readonly Section[] {
  return declared;
}

export function variableOf({ name, settings }: Pick<Section, 'name' | 'settings'>, key: string): string {
  return settings[key]?.variable ?? `${name === '' ? '' : `${name}_`}${key.replace(/[A-Z]/g, '_$&')}`.toUpperCase();
}

export function rule<T>(said: string | Text, holds: (value: T) => boolean): Rule<T> {
  return { said: typeof said === 'string' ? ofVariable(said) : said, holds };
}
