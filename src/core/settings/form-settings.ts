import type { InForm, Section, Settings } from './setting.js';

type AskedFor<S extends Settings> = { readonly [Key in keyof S as S[Key] extends InForm ? Key : never]: S[Key] };

/** The settings of a section that are in NocoBase's form. */
export function formSettings<S extends Settings>({ settings }: Section<S>): AskedFor<S> {
  const asked = Object.entries(settings).filter(([, { inForm }]) => inForm !== undefined);
  return Object.fromEntries(asked) as AskedFor<S>;
}
