import type { Defaulted, Section, Settings } from './setting.js';

type Defaults<S extends Settings> = {
  readonly [Key in keyof S as S[Key] extends Defaulted ? Key : never]: S[Key] extends Defaulted<infer T> ? T : never;
};

/** The default values of a section. */
export function defaultsOf<S extends Settings>({ settings }: Section<S>): Defaults<S> {
  const defaults = Object.entries(settings).filter(([, setting]) => setting.default !== undefined);
  return Object.fromEntries(defaults.map(([key, setting]) => [key, setting.default])) as Defaults<S>;
}
