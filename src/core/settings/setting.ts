import { ofVariable, type Text } from '../texts/index.js';

/** What a value must be, in words that follow the name of its setting. */
export interface Rule<T = never> {
  readonly said: Text;
  readonly holds: (value: T) => boolean;
}

/** One setting of an operator, whatever it is written in: a variable, a file, or NocoBase's form. */
export interface Setting<T = unknown> {
  readonly kind: 'text' | 'choice' | 'flag' | 'number' | 'list';
  /** For those who write it into a file. */
  readonly about?: string;
  /** Its variable, where that does not follow from its key. */
  readonly variable?: string;
  /** What counts where nothing is given. */
  readonly default?: T;
  /** Said where nothing is given, and nothing counts. */
  readonly required?: Text;
  /** Not looked at where another setting is this: what the process does not hold, nobody takes from it. */
  readonly unless?: readonly [key: string, value: string];
  /** The value that a text stands for; undefined where it stands for none. */
  readonly parse: (text: string) => unknown;
  /** Said where a text stands for none. */
  readonly unreadable: Text;
  readonly rules: readonly Rule[];
  readonly choices?: readonly string[];
  /** How a file is read that holds the value; without it, none may. */
  readonly fromFile?: (content: Buffer) => string | Buffer;
  /** Nothing around the value is dropped, and nothing in it refused: others hold the same secret, to the byte. */
  readonly verbatim?: boolean;
  /**
   * Whether NocoBase's form asks for it. Where authenticators are set up there, the gateway takes it from the form;
   * `for-plugin`: only the plugin does, for the sign-ins that it decides or makes by itself; the gateway goes by its variables.
   */
  readonly inForm?: true | 'for-plugin';
  /** Whether the companion plugin decides it, wherever it redeems tickets. */
  readonly decidedByPlugin?: boolean;
}

/** A setting that NocoBase's form asks for. */
export type InForm = Required<Pick<Setting, 'inForm'>>;

/** A setting that counts for something where nothing is given. */
export interface Defaulted<T = unknown> {
  readonly default: T;
}

export type Settings = Readonly<Record<string, Setting>>;

/** What was read of settings, by their keys. */
export type Values<S extends Settings> = { readonly [Key in keyof S]: S[Key] extends Setting<infer T> ? T : never };

/** The same before all of it is known to be right; undefined is what could not be read. */
export type Readable<S extends Settings> = { readonly [Key in keyof S]: Values<S>[Key] | undefined };

/** A rule about several settings, said of one of them. `{key}` in its words is the name of another. */
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

/** @param name the beginning of its variables; none where they have nothing in common */
export function section<S extends Settings>(
  name: string,
  settings: S,
  crossRules: readonly CrossRule<S>[] = [],
): Section<S> {
  const made = { name, settings, crossRules };
  declared.push(made as unknown as Section);
  return made;
}

/** Every section there is: all are made before any is read. */
export function declaredSections(): readonly Section[] {
  return declared;
}

export function variableOf({ name, settings }: Pick<Section, 'name' | 'settings'>, key: string): string {
  return settings[key]?.variable ?? `${name === '' ? '' : `${name}_`}${key.replace(/[A-Z]/g, '_$&')}`.toUpperCase();
}

export function rule<T>(said: string | Text, holds: (value: T) => boolean): Rule<T> {
  return { said: typeof said === 'string' ? ofVariable(said) : said, holds };
}
